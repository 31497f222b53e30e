"""Names of people: characters and how they are read, and Latin names.

Belongs here: lists, the commonest first. Does not belong here: how a system misspells them.
"""

_FAMILY = """
王 Wang 李 Li 张 Zhang 刘 Liu 陈 Chen 杨 Yang 黄 Huang 赵 Zhao 吴 Wu 周 Zhou 徐 Xu 孙 Sun 马 Ma
朱 Zhu 胡 Hu 郭 Guo 何 He 林 Lin 高 Gao 罗 Luo 郑 Zheng 梁 Liang 谢 Xie 宋 Song 唐 Tang 许 Xu
韩 Han 邓 Deng 冯 Feng 曹 Cao 彭 Peng 曾 Zeng 肖 Xiao 田 Tian 董 Dong 潘 Pan 袁 Yuan 蔡 Cai
蒋 Jiang 余 Yu 于 Yu 杜 Du 叶 Ye 程 Cheng 魏 Wei 苏 Su 吕 Lv 丁 Ding 任 Ren 卢 Lu 姚 Yao 沈 Shen
钟 Zhong 姜 Jiang 崔 Cui 谭 Tan 陆 Lu 范 Fan 汪 Wang 廖 Liao 石 Shi 金 Jin 韦 Wei 贾 Jia 夏 Xia
付 Fu 方 Fang 邹 Zou 熊 Xiong 白 Bai 孟 Meng 秦 Qin 邱 Qiu 侯 Hou 江 Jiang 尹 Yin 薛 Xue 闫 Yan
段 Duan 雷 Lei 龙 Long 黎 Li 史 Shi 陶 Tao 贺 He 毛 Mao 郝 Hao 顾 Gu 龚 Gong 邵 Shao 万 Wan
欧阳 Ouyang 上官 Shangguan 司马 Sima
""".split()  # noqa: SIM905  # a table of words reads better than a list of literals
_GIVEN = """
英 ying 华 hua 文 wen 玉 yu 秀 xiu 明 ming 兰 lan 金 jin 国 guo 春 chun 红 hong 丽 li 海 hai
云 yun 梅 mei 平 ping 建 jian 林 lin 志 zhi 军 jun 桂 gui 芳 fang 伟 wei 晓 xiao 小 xiao 辉 hui
慧 hui 惠 hui 强 qiang 敏 min 静 jing 杰 jie 磊 lei 洋 yang 艳 yan 勇 yong 娟 juan 涛 tao 超 chao
霞 xia 刚 gang 燕 yan 鹏 peng 斌 bin 宇 yu 浩 hao 轩 xuan 子 zi 涵 han 怡 yi 欣 xin 佳 jia 嘉 jia
琪 qi 雨 yu 梓 zi 豪 hao 博 bo 思 si 婷 ting 雪 xue 倩 qian 颖 ying 琳 lin 洁 jie 晨 chen 凯 kai
鑫 xin 峰 feng 龙 long 飞 fei 宁 ning 俊 jun 毅 yi 健 jian 莉 li 萍 ping 波 bo 亮 liang 东 dong
成 cheng 庆 qing 德 de 荣 rong 福 fu 贵 gui 生 sheng 永 yong 新 xin 立 li 振 zhen 世 shi 广 guang
安 an 民 min 光 guang 忠 zhong 义 yi 良 liang 家 jia 泽 ze 瑞 rui 睿 rui 然 ran 诺 nuo 依 yi 萌 meng
""".split()  # noqa: SIM905  # a table of words reads better than a list of literals
# Characters of families and of given names with how they are read, the commonest first.
FAMILY = list(zip(_FAMILY[::2], _FAMILY[1::2], strict=True))
GIVEN = list(zip(_GIVEN[::2], _GIVEN[1::2], strict=True))

WESTERN_FAMILY = """
Smith Johnson Williams Brown Jones Garcia Miller Davis Martinez Lopez Wilson Anderson Thomas Taylor
Moore Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young King Wright Scott
Müller Schmidt Schneider Fischer Weber Dubois Laurent Moreau Rossi Ferrari Bianchi Silva Santos
Ivanov Petrov Kowalski Nowak Jansen Andersson O'Neill McDonald Kim Park Tanaka Sato Suzuki Gupta
""".split()  # noqa: SIM905  # a table of words reads better than a list of literals
WESTERN_GIVEN = """
James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan
Joseph Jessica Thomas Sarah Charles Karen Christopher Nancy Daniel Lisa Matthew Betty
Anthony Margaret
Mark Sandra Donald Ashley Steven Kimberly Paul Emily Andrew Donna Joshua Michelle Kenneth
Carol Kevin
Amanda Brian Melissa George Deborah Anna Pierre Claire Hans Greta Marco Giulia Lars
Ingrid Yuki Priya
""".split()  # noqa: SIM905  # a table of words reads better than a list of literals
