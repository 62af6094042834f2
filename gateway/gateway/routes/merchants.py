"""What a shop's people do: goods, stock, imports, orders, refunds, coupons."""

from gateway.bodies import decoded
from gateway.config import MIB
from gateway.route import MERCHANT, Raw, create, get, patch, post, put, tagged
from gateway.schemas import goods as g
from gateway.schemas import orders as o
from gateway.schemas.lists import TextPage, page_of
from shared.contracts.marketing import requests as m

PRODUCT = "/merchant/products/{product_id:uuid}"
STOCK = "/merchant/skus/{sku_id:uuid}/stock"
ORDER = "/merchant/orders/{order_id:uuid}"
REFUND = "/merchant/refunds/{refund_id:uuid}"
LARGE = {"answers": g.OwnProduct, "most": MIB}
CSV = Raw(media_type="text/csv", given=lambda _request, body: {"csv": decoded(body)})

ROUTES = (
    tagged(
        "A shop's goods",
        get(
            "/merchant/products",
            "catalog.shop_products",
            "My shop's products",
            query=g.ShopProductSearch,
            answers=page_of(g.OwnProductCard),
        ),
        create("/merchant/products", "catalog.create_product", "A draft", body=g.NewProduct, **LARGE),
        get(PRODUCT, "catalog.merchant_product", "One product", answers=g.OwnProduct),
        patch(PRODUCT, "catalog.change_product", "Change it", body=g.ProductChange, versioned=True, **LARGE),
        post(
            f"{PRODUCT}/publish",
            "catalog.publish_product",
            "Put it on the shelf",
            versioned=True,
            answers=g.OwnProduct,
        ),
        post(
            f"{PRODUCT}/withdraw",
            "catalog.withdraw_product",
            "Take it off it",
            versioned=True,
            answers=g.OwnProduct,
        ),
        create(STOCK, "catalog.adjust_stock", "Count stock in or out", body=g.StockChange, answers=g.StockLevel),
        get(STOCK, "catalog.stock_of", "Stock and its journal", query=TextPage, answers=g.Stock),
        create(
            "/merchant/imports",
            "catalog.import_products",
            "Import a Shopify product CSV",
            query=g.ImportQuery,
            raw=CSV,
            answers=g.Import,
            most=4 * MIB,
        ),
        get("/merchant/imports/{import_id:uuid}", "catalog.get_import", "How an import went", answers=g.Import),
        who=MERCHANT,
    )
    + tagged(
        "A shop's orders",
        get(
            "/merchant/orders",
            "orders.shop_orders",
            "My shop's orders",
            query=o.ShopOrderSearch,
            answers=page_of(o.Order),
        ),
        get(ORDER, "orders.shop_order", "One order", answers=o.WholeOrder),
        post(f"{ORDER}/accept", "orders.accept_order", "Prepare it", answers=o.WholeOrder),
        post(f"{ORDER}/refuse", "orders.refuse_order", "Refuse it", body=o.Because, answers=o.WholeOrder),
        post(f"{ORDER}/ship", "orders.ship_order", "A parcel leaves", body=o.Shipment, answers=o.WholeOrder),
        get(
            "/merchant/refunds",
            "orders.shop_refunds",
            "Refunds asked",
            query=o.ShopPage,
            answers=page_of(o.Refund),
        ),
        post(f"{REFUND}/approve", "orders.approve_refund", "Grant it", query=o.Approval, answers=o.Refund),
        post(f"{REFUND}/refuse", "orders.refuse_refund", "Refuse it", answers=o.Refund),
        put(
            "/merchant/shops/{shop_id:uuid}/refund-policy",
            "orders.set_refund_policy",
            "Choose what refunds of the shop's next orders pay",
            body=o.PolicyChoice,
            answers=o.RefundPolicy,
        ),
        who=MERCHANT,
    )
    + tagged(
        "A shop's orders",
        get("/merchant/coupon-campaigns", m.ListShopCampaigns, "List a shop's coupon campaigns"),
        create("/merchant/coupon-campaigns", m.CreateCampaign, "Create a coupon campaign"),
    )
)
