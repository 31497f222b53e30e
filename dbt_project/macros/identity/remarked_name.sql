{#- The name of a person in what a member of staff calls them (`张三-老客户`, `VIP 李四 13800138000`):
    the only part of Chinese characters that begins with a family name of the list and is as long
    as names are. Null where there is none, or several, or where the part says who somebody is, or
    what they are (`王姐`, `老客户`), or is one character twice (`毛毛`). Of a form of address that
    goes with family names (`王总`) that one and a star, like a masked name. Latin letters name
    companies as often as people, and are left out. -#}
{% macro remarked_name(remark) -%}
    {%- set plain = "regexp_replace(" ~ to_half_width(remark)
        ~ ", '[(（【\\[][^)）】\\]]*[)）】\\]]?', ' ', 'g')" -%}
    {#- Two spaces between parts, so that each part has one on either side of its own. -#}
    {%- set parts = "' ' || regexp_replace(" ~ plain ~ ", '[^一-鿿]+', '  ', 'g') || ' '" -%}
    {%- set bare = "regexp_replace(" ~ parts ~ ", '(" ~ forms_of_address()
        ~ ") ', ' ', 'g')" -%}
    {%- set possible = "regexp_replace(" ~ bare ~ ", ' [^ ]*(" ~ no_name_endings()
        ~ ") ', ' ', 'g')" -%}
    {%- set addressed = " ([" ~ single_family_names()
        ~ "])(" ~ forms_of_address() ~ "|董|老板|主任|医生|阿姨|叔叔) " -%}
    {%- set found = "regexp_extract(" ~ possible ~ ", '" ~ chinese_name_pattern() ~ "', 1)" -%}
    case
        when {{ is_masked(remark) }} then null
        when
            regexp_matches(
                {{ possible }}, '{{ chinese_name_pattern() }}.*{{ chinese_name_pattern() }}'
            )
            then null
        when replace({{ found }}, left({{ found }}, 1), '') != '' then {{ found }}
        when regexp_matches({{ parts }}, '{{ addressed }}')
            then regexp_extract({{ parts }}, '{{ addressed }}', 1) || '*'
    end
{%- endmacro %}

{#- A family name and one or two characters, between spaces. -#}
{% macro chinese_name_pattern() -%}
    {{- ' (([' ~ single_family_names() ~ ']|' ~ compound_family_names() ~ ')[一-鿿]{1,2}) ' -}}
{%- endmacro %}

{#- How people are addressed, what they are, and where they are, at the end of a part. -#}
{% macro no_name_endings() -%}
    姐|哥|叔|姨|嫂|婶|伯|爷|奶|妈|爸|姑|舅|弟|妹|工|董|太|老板|主任|医生|律师|教授|院长|校长|店长|同学|师傅
    {{- '|客户|会员|顾客|朋友|家长|公司|集团|市|省|区|县|镇|村|路|店' -}}
{%- endmacro %}
