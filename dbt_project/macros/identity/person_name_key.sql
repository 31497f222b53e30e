{#- What two spellings of a person's name have in common: of a Chinese name its characters, of
    another its words in lower case and in order of the alphabet. Of a Chinese name that is masked,
    or by which somebody is addressed (`王总`), the family name and a star. Null where it is a single
    word but for initials, a name that friends use (`小王`), or no name. A form of address is no part
    of a name, nor is a remark in brackets or behind a dash. -#}
{% macro person_name_key(name) -%}
    {%- set plain = "regexp_replace(lower(" ~ to_half_width(name)
        ~ "), '[(（【][^)）】]*[)）】]?', ' ', 'g')" -%}
    {%- set chinese = "regexp_replace(regexp_replace(regexp_replace(" ~ plain
        ~ ", '[-—_/].*$', ''), '(" ~ forms_of_address()
        ~ ")? *$', ''), '[^一-鿿]', '', 'g')" -%}
    {%- set words = "trim(regexp_replace(regexp_replace(regexp_replace(" ~ plain
        ~ ", '[’'']', '', 'g'), '\\b(mr|mrs|ms|miss|dr|prof)\\b[.]?', ' ', 'g')"
        ~ ", '[^a-zà-ž]+', ' ', 'g'))" -%}
    {%- set whole_words = "trim(regexp_replace(" ~ words
        ~ ", '(^| )[a-zà-ž]( [a-zà-ž])*( |$)', ' ', 'g'))" -%}
    case
        when {{ name }} is null then null
        when regexp_matches({{ name }}, '{{ family_name_alone_pattern() }}')
            then left({{ name }}, 1) || '*'
        when {{ is_masked(name) }} then null
        when regexp_matches({{ plain }}, '[一-鿿]')
            then nullif(regexp_extract({{ chinese }}, '^([^小老阿].|.{3,6})$', 0), '')
        when {{ whole_words }} like '%_ _%' then {{ sorted_words(whole_words) }}
    end
{%- endmacro %}

{#- CTEs that end in `names`: the different names of a relation, each with its key. Many people
    share a name, so it is read once, not once per record. -#}
{% macro keyed_names(relation) -%}
spellings as (
    select distinct person_name
    from {{ relation }}
    where person_name is not null
),

names as (
    select
        person_name,
        {{ person_name_key('person_name') }} as name_key
    from spellings
)
{%- endmacro %}

{#- How people are addressed, behind a name or a family name; no part of either. -#}
{% macro forms_of_address() -%}
    先生|女士|小姐|老师|经理|总
{%- endmacro %}

{#- A family name of the list with a mask or a form of address behind it. -#}
{% macro family_name_alone_pattern() -%}
    {{- '^[' ~ single_family_names() ~ ']([一-鿿]?[*＊]| *(' ~ forms_of_address() ~ ')$)' -}}
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

{#- Whether two keys of names that differ may be one name, mistyped: Chinese ones of one family name
    and one length, three characters at least, of which the last or the one behind the family name
    is another. Brothers are called so, too. -#}
{% macro names_slip(one, other) -%}
    (
        {{ is_chinese_name(one) }}
        and length({{ one }}) >= 3
        and length({{ one }}) = length({{ other }})
        and left({{ one }}, 1) = left({{ other }}, 1)
        and (
            left({{ one }}, length({{ one }}) - 1) = left({{ other }}, length({{ other }}) - 1)
            or right({{ one }}, length({{ one }}) - 2) = right({{ other }}, length({{ other }}) - 2)
        )
    )
{%- endmacro %}

{#- Whether two keys of names are names of different people. Where only one of them is Chinese, that
    is told by its family name alone, which is a word of the other one or is not. Null where they
    cannot be compared: one is missing, the family names are one, or one is not on the list. -#}
{% macro names_differ(one, other) -%}
    case
        when {{ is_family_name_alone(one) }} or {{ is_family_name_alone(other) }}
            then {{ have_two_family_names(one, other) }}
        when {{ one }} = {{ other }} then false
        when {{ is_chinese_name(one) }} = {{ is_chinese_name(other) }}
            then not {{ names_agree(one, other) }}
        when {{ is_chinese_name(one) }} then {{ lacks_family_name(other, one) }}
        when {{ is_chinese_name(other) }} then {{ lacks_family_name(one, other) }}
    end
{%- endmacro %}

{#- Whether only the family name is known. -#}
{% macro is_family_name_alone(name_key) -%}
    {{ name_key }} like '_*'
{%- endmacro %}

{#- True where two names, of one of which only the family name is known, are of two families, else
    null. -#}
{% macro have_two_family_names(one, other) -%}
    case
        when {{ is_chinese_name(one) }} and {{ is_chinese_name(other) }}
            then nullif(left({{ one }}, 1) != left({{ other }}, 1), false)
        when {{ is_chinese_name(one) }} then {{ lacks_family_name(other, one) }}
        else {{ lacks_family_name(one, other) }}
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
