"""Products for everyone; a shop's products, stock and imports for its merchants."""

from gateway.bodies import decoded
from gateway.config import MIB
from gateway.route import Raw, create, get, patch, post, tagged
from shared.contracts.catalog import requests as c

PRODUCT = "/merchant/products/{product_id:uuid}"
STOCK = "/merchant/skus/{sku_id:uuid}/stock"
CSV = Raw(media_type="text/csv", read=lambda _request, body: {"csv": decoded(body)}, fields=("csv",))

ROUTES = [
    *tagged(
        "Products",
        get("/products", c.ListProducts, "Find products"),
        get("/products/{product_id:uuid}", c.GetProduct, "Get a product"),
        get("/categories", c.ListCategories, "List the category tree"),
    ),
    *tagged(
        "A shop's products",
        get("/merchant/products", c.ListShopProducts, "List a shop's products"),
        create("/merchant/products", c.CreateProduct, "Create a product", most=MIB),
        get(PRODUCT, c.GetShopProduct, "Get a product of a shop"),
        patch(PRODUCT, c.ChangeProduct, "Change a product", versioned=True, most=MIB),
        post(f"{PRODUCT}/publish", c.PublishProduct, "Publish a product", versioned=True),
        post(f"{PRODUCT}/withdraw", c.WithdrawProduct, "Withdraw a product", versioned=True),
        get(f"{PRODUCT}/stock-journal", c.ListStockJournal, "List the stock changes of a product"),
        create(STOCK, c.AdjustStock, "Adjust the stock of a SKU"),
        get(STOCK, c.GetStock, "Get the stock of a SKU and its journal"),
        get("/merchant/shops/{shop_id:uuid}/low-stock", c.ListLowStock, "List a shop's SKUs that run low"),
        create("/merchant/imports", c.ImportProducts, "Import a Shopify product CSV", raw=CSV, most=4 * MIB),
        get("/merchant/imports", c.ListImports, "List a shop's imports"),
        get("/merchant/imports/{import_id:uuid}", c.GetImport, "Get an import"),
    ),
]
