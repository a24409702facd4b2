"""The kill matrix: a process dies at every place where dying could hurt, and no money or stock is lost or doubled."""
