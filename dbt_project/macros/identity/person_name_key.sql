{#- What two spellings of a person's name have in common: of a Chinese name its characters, of
    another its words in lower case and in order of the alphabet. Null where it is masked, a single
    word but for initials, a family name that somebody is called by (`小王`), or no name. A form of
    address is no part of a name, nor is a remark in brackets or behind a dash. -#}
{% macro person_name_key(name) -%}
    {%- set plain = "regexp_replace(lower(" ~ to_half_width(name)
        ~ "), '[(（【][^)）】]*[)）】]?', ' ', 'g')" -%}
    {%- set chinese = "regexp_replace(regexp_replace(regexp_replace(" ~ plain
        ~ ", '[-—_/].*$', ''), '(先生|女士|小姐|老师|经理|总)? *$', ''), '[^一-鿿]', '', 'g')" -%}
    {%- set words = "trim(regexp_replace(regexp_replace(regexp_replace(" ~ plain
        ~ ", '[’'']', '', 'g'), '\\b(mr|mrs|ms|miss|dr|prof)\\b[.]?', ' ', 'g')"
        ~ ", '[^a-zà-ž]+', ' ', 'g'))" -%}
    {%- set whole_words = "trim(regexp_replace(" ~ words
        ~ ", '(^| )[a-zà-ž]( [a-zà-ž])*( |$)', ' ', 'g'))" -%}
    case
        when {{ name }} is null or {{ is_masked(name) }} then null
        when regexp_matches({{ plain }}, '[一-鿿]')
            then nullif(regexp_extract({{ chinese }}, '^([^小老阿].|.{3,6})$', 0), '')
        when {{ whole_words }} like '%_ _%' then {{ sorted_words(whole_words) }}
    end
{%- endmacro %}

{#- Whether two keys of names are one name: equal or, where there are letters enough, one slip
    apart. -#}
{% macro names_agree(one, other) -%}
    (
        {{ one }} = {{ other }}
        or (
            not {{ is_chinese_name(one) }}
            and length({{ one }}) >= {{ var('identity_slip_letters') }}
            and {{ edit_distance(one, other) }} <= 1
        )
    )
{%- endmacro %}

{#- Whether two keys of names are names of different people. Where only one of them is Chinese, that
    is told by its family name alone, which is a word of the other one or is not. Null where they
    cannot be compared: one is missing, the family names are one, or one is not on the list. -#}
{% macro names_differ(one, other) -%}
    case
        when {{ one }} = {{ other }} then false
        when {{ is_chinese_name(one) }} = {{ is_chinese_name(other) }}
            then not {{ names_agree(one, other) }}
        when {{ is_chinese_name(one) }} then {{ lacks_family_name(other, one) }}
        when {{ is_chinese_name(other) }} then {{ lacks_family_name(one, other) }}
    end
{%- endmacro %}

{#- True where no word of a Latin name is the family name of the Chinese one, else null. -#}
{% macro lacks_family_name(latin, chinese) -%}
    {%- set readings = family_name_readings(chinese) -%}
    case
        when
            {{ readings }} != ''
            and not regexp_matches({{ latin }}, '(^| )(' || {{ readings }} || ')( |$)')
            then true
    end
{%- endmacro %}

{% macro is_chinese_name(name_key) -%}
    regexp_matches({{ name_key }}, '[一-鿿]')
{%- endmacro %}
