"""What the shops sell.

Belongs here: the products with category, brand, price and popularity.
Does not belong here: who buys them (baskets.py).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrays import Floats, Ints

# Popularity falls with rank as 1/rank^0.8: a few best sellers and a long tail, as in retail.
POPULARITY_EXPONENT = 0.8
# Coprime to the number of products: it spreads the ranks over all categories and prices.
RANK_STEP = 37
FIRST_PRODUCT_NUMBER = 1001

# category; brand; then name=price in whole currency units.
_SHELVES = """
护肤;晨露;洁面乳=49;保湿水=89;精华液=199;面霜=159;面膜(5片)=69
护肤;素颜记;防晒霜=99;眼霜=229;卸妆油=79;护手霜=29;身体乳=59
彩妆;桃夭;口红=119;粉底液=189;眼影盘=149;眉笔=39;腮红=69
彩妆;桃夭;定妆粉=129;睫毛膏=89;化妆刷套装=259;唇釉=79;美妆蛋=19
食品;山野集;坚果礼盒=139;龙井茶=168;蜂蜜=58;燕麦片=36;黑芝麻糊=32
食品;海之味;鱿鱼丝=25;海苔=15;即食海参=398;虾皮=22;鱼丸=28
家居;木与棉;四件套=329;抱枕=45;毛巾(2条)=39;羽绒被=899;拖鞋=29
家居;木与棉;香薰=88;保温杯=109;收纳盒=35;台灯=169;晾衣架=75
数码;星野;蓝牙耳机=299;充电宝=129;数据线=19;智能手表=1299;手机壳=39
数码;星野;平板电脑=2599;键盘=249;鼠标=89;音箱=459;路由器=199
母婴;小豆丁;纸尿裤=119;奶瓶=79;婴儿湿巾=18;推车=1599;连体衣=69
母婴;小豆丁;积木=149;绘本=42;儿童水杯=55;安全座椅=1899;辅食机=349
"""


@dataclass(frozen=True)
class Product:
    """One product; `price` is in hundredths of the currency unit."""

    product_id: str
    sku: str
    name: str
    category: str
    brand: str
    price: int


@dataclass(frozen=True)
class Catalogue:
    """Products in ascending order of price, with their prices and cumulative popularity.

    price: (n,) hundredths. popularity: (n+1,), from 0 to 1.
    """

    products: tuple[Product, ...]
    price: Ints
    popularity: Floats


def load_catalogue() -> Catalogue:
    """Return the catalogue; it is the same for every sample."""
    products: list[Product] = []
    for shelf in _SHELVES.split():
        category, brand, *items = shelf.split(";")
        for item in items:
            name, amount = item.split("=")
            number = FIRST_PRODUCT_NUMBER + len(products)
            products.append(
                Product(f"P{number}", f"SKU-{number}", name, category, brand, int(amount) * 100)
            )
    ranks = [(index * RANK_STEP) % len(products) + 1 for index in range(len(products))]
    order = sorted(range(len(products)), key=lambda index: (products[index].price, index))
    weights = np.array([ranks[index] for index in order], dtype=np.float64) ** -POPULARITY_EXPONENT
    cumulative = np.concatenate([np.zeros(1), np.cumsum(weights / weights.sum())])
    price = np.array([products[index].price for index in order], dtype=np.int64)
    return Catalogue(tuple(products[index] for index in order), price, cumulative)
