from tests.architecture.test_plans import *
from tests.architecture.test_plans import scaled, engine, stores
from adapters.postgres.queries.catalog import PostgresProductQueries
from adapters.postgres.queries.inventory import PostgresStockQueries
from ports.catalog import *
from ports.inventory import StockFilter
S=DocumentSort
@pytest.mark.parametrize("slug", [LARGE, SMALL])
@pytest.mark.parametrize("f", [DocumentFilter(sort=S.TITLE),DocumentFilter(sort=S.PRICE_ASC),DocumentFilter(sort=S.PRICE_DESC),DocumentFilter(tag="casa"),DocumentFilter(tag="raro"),DocumentFilter(tag="nada"),DocumentFilter(vendor="Oficina Norte"),DocumentFilter(vendor="Nobody"),DocumentFilter(search="caneca",sort=S.TITLE),DocumentFilter(search="sku-1234-0",sort=S.PRICE_ASC),DocumentFilter(search="a",vendor="Oficina Norte"), DocumentFilter(tag="raro", sort=S.PRICE_ASC)], ids=str)
def test_docs(engine, stores, slug, f): read(engine, stores[slug], products(f))
@pytest.mark.parametrize("slug", [LARGE, SMALL])
@pytest.mark.parametrize("f", [ProductFilter(), ProductFilter(sort=ProductSort.TITLE,descending=False), ProductFilter(status=ProductStatus.DRAFT), ProductFilter(status=ProductStatus.ARCHIVED), ProductFilter(status=ProductStatus.PUBLISHED, sort=ProductSort.TITLE), ProductFilter(status=ProductStatus.ARCHIVED, sort=ProductSort.TITLE),ProductFilter(vendor="Oficina Norte"),ProductFilter(tag="raro"),ProductFilter(stock=StockState.SOLD_OUT),ProductFilter(stock=StockState.IN_STOCK),ProductFilter(search="caneca"),ProductFilter(search="sku-1234-0"),ProductFilter(search="a",status=ProductStatus.DRAFT)], ids=str)
def test_admin(engine, stores, slug, f): read(engine, stores[slug], lambda r,p: PostgresProductQueries(r).page(f,p))
@pytest.mark.parametrize("slug", [LARGE, SMALL])
@pytest.mark.parametrize("f", [StockFilter(), StockFilter(state="in_stock"),StockFilter(state="sold_out"),StockFilter(state="reserved"),StockFilter(search="caneca"),StockFilter(search="sku-1234-0")], ids=str)
def test_stock(engine, stores, slug, f): read(engine, stores[slug], lambda r,p: PostgresStockQueries(r).page(f,p))
