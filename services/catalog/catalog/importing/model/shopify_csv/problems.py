"""What can be wrong with a row: a stable code, and what to tell the person who made the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TEXTS: dict[str, tuple[str, str]] = {
    "csv_malformed": ("这一行的引号或分隔符有误，无法解析", "The quotes or separators of this row are broken"),
    "cell_limit_exceeded": ("这一行的单元格多于表头", "This row has more cells than the header"),
    "character_invalid": ("{column} 含有不可用的控制字符", "{column} contains a character that cannot be stored"),
    "cell_too_long": ("{column} 超过 {limit} 个字符", "{column} is longer than {limit} characters"),
    "description_invalid": ("商品描述含有不可用的控制字符", "The description contains a control character"),
    "description_too_long": (
        "商品描述整理成规范的 HTML 后超过 65536 个字符",
        "As plain, closed HTML the description is longer than 65,536 characters",
    ),
    "handle_missing": ("缺少 Handle，不知道属于哪个商品", "Without a Handle it belongs to no product"),
    "title_missing": ("商品的第一行缺少 Title", "The first row of a product needs a Title"),
    "title_differs": ("同一 Handle 出现了另一个 Title", "This Handle has another Title further up"),
    "row_empty": ("既没有规格也没有图片", "It carries neither a variant nor a picture"),
    "variant_missing": (
        "商品没有可用的规格：至少要有一行填写价格",
        "The product has no variant: at least one of its rows needs a price",
    ),
    "price_missing": ("缺少 Variant Price", "Variant Price is missing"),
    "price_invalid": ("价格不是数字：{value}", "The price is no number: {value}"),
    "price_too_precise": ("价格的小数位过多：{value}", "The price has too many decimals: {value}"),
    "price_too_high": ("价格过高：{value}", "The price is too high: {value}"),
    "currency_foreign": (
        "币种是 {value}，本平台使用 {currency}",
        "The currency is {value}; this platform uses {currency}",
    ),
    "stock_invalid": (
        "库存数量不是不小于 0 的整数：{value}",
        "The stock is no whole number of at least 0: {value}",
    ),
    "option_missing": ("缺少选项“{name}”的值", "The option “{name}” has no value"),
    "option_unnamed": (
        "{column} 有值，但商品没有这个选项名",
        "{column} has a value, but the product has no such option",
    ),
    "variant_repeated": ("选项组合重复：{value}", "These options are there already: {value}"),
    "sku_repeated": ("同一商品中 SKU 重复：{value}", "The product has this SKU already: {value}"),
    "description_too_deep": ("Body (HTML) 的标签嵌套过深", "The tags of Body (HTML) are nested too deeply"),
    "sku_missing": ("商品没有在售的规格，不能上架", "Without a variant on sale it cannot be on the shelf"),
    "transition_not_allowed": (
        "商品当前的状态不允许这样变更",
        "The product cannot be moved there from where it stands",
    ),
    "product_not_stored": (
        "这个商品无法保存，其余不受影响",
        "This product could not be stored; the others are not affected",
    ),
    "sku_ambiguous": ("SKU 与选项值和已有的规格对不上", "Codes and options fit several of the SKUs that exist"),
    "sku_limit_exceeded": ("一个商品最多 {limit} 个规格", "A product has at most {limit} variants"),
    "picture_limit_exceeded": ("一个商品最多 {limit} 张图片", "A product has at most {limit} pictures"),
    "picture_address_invalid": ("图片地址无效：{value}", "This is no address of a picture: {value}"),
    "picture_position_invalid": (
        "图片序号不是正整数：{value}",
        "The picture's position is no whole number: {value}",
    ),
    "published_invalid": (
        "Published 只能是 true 或 false：{value}",
        "Published is neither true nor false: {value}",
    ),
    "status_invalid": ("不认识的 Status：{value}", "There is no such Status: {value}"),
    "tag_limit_exceeded": ("一个商品最多 {limit} 个标签", "A product has at most {limit} tags"),
    "category_too_deep": ("分类最多 {limit} 级", "A category path has at most {limit} levels"),
}
# Why an import ended without a report. What went in until then stays.
FILE_TEXTS: dict[str, tuple[str, str]] = {
    "file_unreadable": ("无法读取文件", "The file cannot be read"),
    "file_empty": ("文件为空", "The file is empty"),
    "header_missing": ("首行缺少必需的列名", "The first line does not name the columns that are needed"),
    "header_repeated": ("首行有重复的列名", "The first line names a column twice"),
    "header_too_long": ("首行超过 {limit} 个字符", "The first line is longer than {limit} characters"),
    "column_limit_exceeded": ("文件超过 {limit} 列", "The file has more than {limit} columns"),
    "file_too_large": ("文件过大，请拆分后上传", "The file is too large; split it"),
    "row_limit_exceeded": ("文件超过 {limit} 行，请拆分后上传", "The file has more than {limit} rows; split it"),
    "shop_suspended": ("店铺已停业，导入中止", "The shop was suspended meanwhile"),
    "import_too_slow": (
        "导入用时过长，请拆分文件后重新上传",
        "It took too long; split the file and upload it again",
    ),
    "import_too_big": ("导入占用内存过多，请拆分后上传", "It needs too much memory; split the file"),
    "import_interrupted": ("导入没有完成，请重新上传", "It was not finished; upload the file again"),
}
LONGEST_QUOTE = 60


class RowRefused(Exception):
    """A row does not go in; the reason's code is a key of TEXTS."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = {name: str(value)[:LONGEST_QUOTE] for name, value in facts.items()}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A row that was left out. `line` counts the file's lines from 1, the header's; cells may span several."""

    line: int
    code: str
    handle: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def text(self) -> dict[str, str]:
        """What is wrong, in Chinese and in English."""
        zh, en = TEXTS[self.code]
        return {"zh": zh.format(**self.facts), "en": en.format(**self.facts)}


def failure(code: str, facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Why a whole import failed: the code and its texts, as they are stored and answered.

    A code that has no texts is told as `import_interrupted`.
    """
    if code not in FILE_TEXTS:
        return failure("import_interrupted")
    zh, en = FILE_TEXTS[code]
    return {"code": code, "text": {"zh": zh.format(**facts or {}), "en": en.format(**facts or {})}}
