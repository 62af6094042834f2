"""Problems of rows and files: stable codes with their texts for the merchant, in Chinese and English."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TEXTS: dict[str, tuple[str, str]] = {
    "csv_malformed": ("这一行的引号或分隔符有误，无法解析", "The quotes or separators in this row are malformed"),
    "cell_limit_exceeded": ("这一行的单元格多于表头", "This row has more cells than the header"),
    "character_invalid": ("{column} 含有不可用的控制字符", "{column} contains a character that cannot be stored"),
    "cell_too_long": ("{column} 超过 {limit} 个字符", "{column} is longer than {limit} characters"),
    "description_invalid": ("商品描述含有不可用的控制字符", "The description contains a control character"),
    "description_too_long": (
        "商品描述整理成规范的 HTML 后超过 65536 个字符",
        "The description is longer than 65,536 characters as normalised HTML",
    ),
    "handle_missing": ("缺少 Handle，不知道属于哪个商品", "Handle is missing: the row belongs to no product"),
    "title_missing": ("商品的第一行缺少 Title", "The first row of a product needs a Title"),
    "title_differs": ("同一 Handle 出现了另一个 Title", "This Handle has a different Title in an earlier row"),
    "row_empty": ("既没有规格也没有图片", "The row has neither a variant nor a picture"),
    "variant_missing": (
        "商品没有可用的规格：至少要有一行填写价格",
        "The product has no variant: at least one of its rows needs a price",
    ),
    "price_missing": ("缺少 Variant Price", "Variant Price is missing"),
    "price_invalid": ("价格不是数字：{value}", "The price is not a number: {value}"),
    "price_too_precise": ("价格的小数位过多：{value}", "The price has too many decimals: {value}"),
    "price_too_high": ("价格过高：{value}", "The price is too high: {value}"),
    "currency_foreign": (
        "币种是 {value}，本平台使用 {currency}",
        "The currency is {value}; this platform uses {currency}",
    ),
    "stock_invalid": (
        "库存数量不是不小于 0 的整数：{value}",
        "The stock is not a whole number of 0 or more: {value}",
    ),
    "option_missing": ("缺少选项“{name}”的值", "The option “{name}” has no value"),
    "option_unnamed": (
        "{column} 有值，但商品没有这个选项名",
        "{column} has a value, but the product has no such option",
    ),
    "variant_repeated": ("选项组合重复：{value}", "Duplicate options: {value}"),
    "sku_repeated": ("同一商品中 SKU 重复：{value}", "Duplicate SKU in this product: {value}"),
    "description_too_deep": ("Body (HTML) 的标签嵌套过深", "The tags of Body (HTML) are nested too deeply"),
    "sku_missing": ("商品没有在售的规格，不能上架", "A product without an active variant cannot be listed"),
    "transition_not_allowed": (
        "商品当前的状态不允许这样变更",
        "The product's current state does not allow this change",
    ),
    "product_not_stored": (
        "这个商品无法保存，其余不受影响",
        "This product could not be stored; the others are not affected",
    ),
    "sku_ambiguous": (
        "SKU 与选项值和已有的规格对不上",
        "The SKU codes and options do not match the existing SKUs",
    ),
    "sku_limit_exceeded": ("一个商品最多 {limit} 个规格", "A product has at most {limit} variants"),
    "picture_limit_exceeded": ("一个商品最多 {limit} 张图片", "A product has at most {limit} pictures"),
    "picture_address_invalid": ("图片地址无效：{value}", "Invalid picture address: {value}"),
    "picture_position_invalid": (
        "图片序号不是整数：{value}",
        "The picture position is not a whole number: {value}",
    ),
    "published_invalid": (
        "Published 只能是 true 或 false：{value}",
        "Published must be true or false: {value}",
    ),
    "status_invalid": ("不认识的 Status：{value}", "Unknown Status: {value}"),
    "tag_limit_exceeded": ("一个商品最多 {limit} 个标签", "A product has at most {limit} tags"),
    "category_too_deep": ("分类最多 {limit} 级", "A category path has at most {limit} levels"),
}
# Why an import failed, without a report. Products that were stored before the failure remain.
FILE_TEXTS: dict[str, tuple[str, str]] = {
    "file_unreadable": ("无法读取文件", "The file cannot be read"),
    "file_empty": ("文件为空", "The file is empty"),
    "header_missing": ("首行缺少必需的列名", "The first line lacks required column names"),
    "header_repeated": ("首行有重复的列名", "The first line repeats a column name"),
    "header_too_long": ("首行超过 {limit} 个字符", "The first line is longer than {limit} characters"),
    "column_limit_exceeded": ("文件超过 {limit} 列", "The file has more than {limit} columns"),
    "file_too_large": ("文件过大，请拆分后上传", "The file is too large; split it"),
    "row_limit_exceeded": ("文件超过 {limit} 行，请拆分后上传", "The file has more than {limit} rows; split it"),
    "shop_suspended": ("店铺已停业，导入中止", "The shop was suspended during the import"),
    "import_too_slow": (
        "导入用时过长，请拆分文件后重新上传",
        "The import took too long; split the file and upload it again",
    ),
    "import_too_big": ("导入占用内存过多，请拆分后上传", "The import needs too much memory; split the file"),
    "import_interrupted": ("导入没有完成，请重新上传", "The import was not finished; upload the file again"),
}
LONGEST_QUOTE = 60


class RowRefused(Exception):
    """A row is refused; `code` is a key of TEXTS."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = {name: str(value)[:LONGEST_QUOTE] for name, value in facts.items()}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A refused row. `line` is the file's line where it begins; the header is line 1, and cells may span lines."""

    line: int
    code: str
    handle: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def text(self) -> dict[str, str]:
        """The text of the problem in Chinese and English."""
        zh, en = TEXTS[self.code]
        return {"zh": zh.format(**self.facts), "en": en.format(**self.facts)}


def failure(code: str, facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The code and texts of a failed import, as they are stored and returned.

    A code without texts is reported as `import_interrupted`.
    """
    if code not in FILE_TEXTS:
        return failure("import_interrupted")
    zh, en = FILE_TEXTS[code]
    return {"code": code, "text": {"zh": zh.format(**facts or {}), "en": en.format(**facts or {})}}
