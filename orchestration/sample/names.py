"""Names and places that people are drawn from.

Belongs here: plain lists with their spelling in Latin letters. Does not belong here: any draw.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A real province and city, its Shopify province code and the city's main postcode."""

    province: str
    city: str
    code: str
    postcode: str


PLACES = (
    Place("北京市", "北京市", "BJ", "100000"),
    Place("上海市", "上海市", "SH", "200000"),
    Place("广东省", "广州市", "GD", "510000"),
    Place("广东省", "深圳市", "GD", "518000"),
    Place("广东省", "东莞市", "GD", "523000"),
    Place("浙江省", "杭州市", "ZJ", "310000"),
    Place("浙江省", "宁波市", "ZJ", "315000"),
    Place("江苏省", "南京市", "JS", "210000"),
    Place("江苏省", "苏州市", "JS", "215000"),
    Place("四川省", "成都市", "SC", "610000"),
    Place("重庆市", "重庆市", "CQ", "400000"),
    Place("湖北省", "武汉市", "HB", "430000"),
    Place("湖南省", "长沙市", "HN", "410000"),
    Place("陕西省", "西安市", "SN", "710000"),
    Place("天津市", "天津市", "TJ", "300000"),
    Place("山东省", "青岛市", "SD", "266000"),
    Place("山东省", "济南市", "SD", "250000"),
    Place("河南省", "郑州市", "HA", "450000"),
    Place("福建省", "厦门市", "FJ", "361000"),
    Place("福建省", "福州市", "FJ", "350000"),
    Place("辽宁省", "沈阳市", "LN", "110000"),
    Place("安徽省", "合肥市", "AH", "230000"),
    Place("云南省", "昆明市", "YN", "650000"),
)

STREETS = ("人民路", "中山路", "解放路", "建设路", "和平路", "文化路", "新华路", "滨江大道")

# (characters, pinyin) of common family names.
_FAMILIES = (
    "王/wang 李/li 张/zhang 刘/liu 陈/chen 杨/yang 赵/zhao 黄/huang 周/zhou 吴/wu 徐/xu 孙/sun "
    "胡/hu 朱/zhu 高/gao 林/lin 何/he 郭/guo 马/ma 罗/luo 梁/liang 宋/song 郑/zheng 谢/xie "
    "韩/han 唐/tang 冯/feng 于/yu 董/dong 欧阳/ouyang"
)
FAMILIES = tuple(pair.split("/") for pair in _FAMILIES.split())

# (character, pinyin) of characters in given names; one or two of them make a given name.
_GIVEN_FEMALE = (
    "芳/fang 娜/na 敏/min 静/jing 丽/li 艳/yan 娟/juan 霞/xia 燕/yan 玲/ling 婷/ting 雪/xue "
    "琳/lin 慧/hui 佳/jia 欣/xin 怡/yi 悦/yue 梅/mei 萍/ping 颖/ying 晨/chen 雨/yu 思/si"
)
GIVEN_FEMALE = tuple(pair.split("/") for pair in _GIVEN_FEMALE.split())
_GIVEN_MALE = (
    "伟/wei 强/qiang 磊/lei 军/jun 勇/yong 杰/jie 涛/tao 明/ming 超/chao 刚/gang 平/ping "
    "辉/hui 鹏/peng 华/hua 飞/fei 鑫/xin 波/bo 斌/bin 宇/yu 浩/hao 凯/kai "
    "健/jian 俊/jun 晨/chen"
)
GIVEN_MALE = tuple(pair.split("/") for pair in _GIVEN_MALE.split())

_WESTERN_FAMILIES = (
    "Smith Jones Taylor Brown Wilson Evans Walker Wright Martin Dubois Müller Rossi García "
    "Jensen Novak O'Brien"
)
WESTERN_FAMILIES = tuple(_WESTERN_FAMILIES.split())
_WESTERN_FEMALE = "Emma Olivia Sophie Anna Laura Julia Marie Clara Nora Helen"
WESTERN_FEMALE = tuple(_WESTERN_FEMALE.split())
_WESTERN_MALE = "James Oliver Thomas Paul Daniel Lucas Peter Martin David Leo"
WESTERN_MALE = tuple(_WESTERN_MALE.split())

# Reserved for examples by RFC 2606, so that no real mailbox is ever named.
MAIL_DOMAINS = ("example.com", "example.net", "example.org")

# The first three digits of mainland mobile numbers.
_MOBILE_PREFIXES = (
    "130 131 132 133 134 135 136 137 138 139 150 151 152 153 155 156 157 158 159 180 182 183 "
    "185 186 187 188 189"
)
MOBILE_PREFIXES = tuple(_MOBILE_PREFIXES.split())

STAFF = ("陈晓东", "刘佳", "孙志强", "周敏")
