{#- How the family name at the start of a Chinese name is written in Latin letters, all spellings
    parted by bars; empty where it is none of the list. Spellings of the mainland first, then those
    of Hong Kong and Taiwan. The list holds some 95 of 100 people; a name outside it is compared
    with no Latin name. -#}
{% macro family_name_readings(name_key) -%}
    {%- set after = "split_part('" ~ family_names() ~ "', left(" ~ name_key ~ ", 1), 2)" -%}
    split_part({{ after }}, ' ', 1)
{%- endmacro %}

{% macro family_names() -%}
    王wang|wong 李li|lee|lei 张zhang|chang|cheung 刘liu|lau|lao 陈chen|chan|tan 杨yang|yeung
    {{- ' 黄huang|wong|hwang|ng 赵zhao|chao|chiu 吴wu|ng 周zhou|chou|chow|chau 徐xu|hsu|tsui' -}}
    {{- ' 孙sun|suen 马ma 朱zhu|chu 胡hu|wu|woo 郭guo|kuo|kwok 何he|ho 林lin|lam|lim 高gao|kao|ko' -}}
    {{- ' 罗luo|lo|law 郑zheng|cheng|chang 梁liang|leung 谢xie|hsieh|tse 宋song|sung 唐tang|tong' -}}
    {{- ' 许xu|hsu|hui 韩han|hon 邓deng|teng|tang 冯feng|fung 曹cao|tsao|cho 彭peng|pang' -}}
    {{- ' 曾zeng|tseng|tsang|ceng 肖xiao|siu|hsiao 萧xiao|siu|hsiao 田tian|tien|tin 董dong|tung' -}}
    {{- ' 潘pan|poon|pun 袁yuan|yuen 蔡cai|tsai|choi|chua 蒋jiang|chiang|cheung 余yu|yue' -}}
    {{- ' 于yu 杜du|tu|to 叶ye|yeh|yip 程cheng|ching 魏wei|ngai 苏su|so 吕lv|lu|lyu|lui 丁ding|ting' -}}
    {{- ' 任ren|jen|yam 卢lu|lo 姚yao|yiu 沈shen|sum|shum 钟zhong|chung 姜jiang|chiang|keung' -}}
    {{- ' 崔cui|tsui|choi 谭tan|tam 陆lu|luk 范fan 汪wang|wong 廖liao|liu 石shi|shih|shek' -}}
    {{- ' 金jin|kim|kam|chin 韦wei|wai 贾jia|chia|ka 夏xia|hsia|ha|xiahou 付fu 傅fu 方fang|fong' -}}
    {{- ' 邹zou|tsou|chow 熊xiong|hsiung|hung 白bai|pai|pak 孟meng|mang 秦qin|chin|chun' -}}
    {{- ' 邱qiu|chiu|yau 侯hou|hau 江jiang|chiang|kong 尹yin|wan|yun 薛xue|hsueh|sit 闫yan 阎yan|yim' -}}
    {{- ' 段duan|tuan|tuen 雷lei|lui 龙long|lung 黎li|lai 史shi|shih|sze 陶tao|to 贺he|ho' -}}
    {{- ' 毛mao|mo 郝hao|hok 顾gu|ku|koo 龚gong|kung 邵shao|shiu 万wan|man 钱qian|chien|chin' -}}
    {{- ' 严yan|yen|yim 赖lai 覃qin|tan 洪hong|hung 武wu 莫mo|mok 孔kong|kung|hung 汤tang|tong' -}}
    {{- ' 向xiang 常chang|sheung 温wen|wan 康kang|hong 施shi|shih|sze 文wen|man 牛niu|ngau' -}}
    {{- ' 樊fan 葛ge|kot 邢xing 安an|on 齐qi|chi 易yi|yik 乔qiao|chiao|kiu 伍wu|ng 庞pang|pong' -}}
    {{- ' 颜yan|yen|ngan 倪ni|ngai 庄zhuang|chuang|chong 聂nie|nieh 章zhang|chang|cheung' -}}
    {{- ' 鲁lu|lo 岳yue|ngok 翟zhai|chai|di 殷yin|yan 詹zhan|chan|chim 申shen 耿geng 关guan|kuan|kwan' -}}
    {{- ' 兰lan 焦jiao 俞yu 左zuo|tso 柳liu|lau 甘gan|kam 祝zhu|chuk 包bao|pao|pau 宁ning' -}}
    {{- ' 尚shang 符fu 舒shu 阮ruan|juan|yuen 柯ke|ko|or 纪ji|chi|kei 梅mei|mui 童tong|tung' -}}
    {{- ' 凌ling 毕bi|pi 单shan|dan 季ji|chi 裴pei 霍huo|fok 涂tu 成cheng|shing 苗miao 谷gu|kuk' -}}
    {{- ' 盛sheng|shing 曲qu 翁weng|yung 冉ran 骆luo|lok 蓝lan|lam 路lu 游you|yu|yau 辛xin' -}}
    {{- ' 靳jin 管guan 柴chai 蒙meng|mung 鲍bao|pao 华hua|wah 喻yu 祁qi 蒲pu 房fang|fong 滕teng' -}}
    {{- ' 屈qu|wat 饶rao 解xie|jie 牟mou|mu 艾ai 尤you|yau 阳yang 时shi 穆mu 农nong 司si|sima|szema|situ'
        ~ ' 卓zhuo|cheuk' -}}
    {{- ' 古gu|ku 吉ji 缪miao|mou 简jian|chien|kan 车che 项xiang 连lian|lien 芦lu 麦mai|mak' -}}
    {{- ' 褚chu 娄lou 窦dou 戚qi 岑cen|shum 景jing 党dang 宫gong 费fei 卜bu|pu 冷leng 晏yan' -}}
    {{- ' 席xi 卫wei 米mi 柏bai|bo 宗zong 瞿qu 桂gui 全quan 佟tong 应ying 臧zang 闵min 苟gou 邬wu' -}}
    {{- ' 边bian 卞bian 姬ji 师shi 和he 仇qiu|chou 栾luan 隋sui 商shang 刁diao 沙sha 荣rong|yung' -}}
    {{- ' 巫wu 寇kou 桑sang 郎lang 甄zhen|yan 丛cong 仲zhong 虞yu 敖ao 巩gong 明ming 佘she 池chi' -}}
    {{- ' 查zha|cha 麻ma 苑yuan 迟chi 邝kuang|kwong 欧ou|ouyang|au|auyeung|ow 上shangguan|sheung' -}}
    {{- ' 诸zhu|zhuge 皇huang|huangfu 尉wei|yuchi 东dong|dongfang' -}}
    {{- ' ' -}}
{%- endmacro %}

{#- The family names of one character that the list holds, one after another; some characters are
    on it only as the first of two. -#}
{% macro single_family_names() -%}
    {%- for entry in family_names().split() if entry[0] not in '上东皇尉诸' -%}
        {{ entry[0] }}
    {%- endfor -%}
{%- endmacro %}

{#- Family names of two characters, parted by bars. -#}
{% macro compound_family_names() -%}
    欧阳|上官|司马|司徒|诸葛|皇甫|尉迟|东方|夏侯
{%- endmacro %}
