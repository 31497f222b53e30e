{#- Province at the start of a mainland address, as written there; null where none stands there. -#}
{% macro province_in(address) -%}
    nullif(regexp_extract({{ address }}, '^{{ province_pattern() }}', 0), '')
{%- endmacro %}

{#- City, prefecture, league or region behind the province of a mainland address; null without one,
    as in the short form of an address in Beijing, whose districts follow at once. -#}
{% macro city_in(address) -%}
    nullif(
        regexp_extract(
            {{ address }},
            '^{{ province_pattern() }} *([^ 省市区县]{1,10}?(自治州|市|盟|地区))',
            3
        ),
        ''
    )
{%- endmacro %}

{#- The provinces, with or without the word for what they are. Two groups. -#}
{% macro province_pattern() -%}
    (北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南
    {{- '|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)' -}}
    (省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?
{%- endmacro %}
