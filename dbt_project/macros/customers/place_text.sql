{#- What a record states about where somebody lives, as one text: country, province, city, district
    and address, parted by |. Null where it states no more than a country. -#}
{% macro place_text(country=none, province=none, city=none, district=none, address=none) -%}
    {%- set stated = [province, city, district, address] | reject('none') | list -%}
    case
        when coalesce({{ stated | join(', ') }}) is not null
            then
                {% for part in [country, province, city, district, address] -%}
                {{ "coalesce(replace(" ~ part ~ ", '|', ' '), '')" if part else "''" }}
                {{- " || '|' || " if not loop.last }}
                {% endfor %}
    end
{%- endmacro %}

{#- A name of a place as it compares. Latin: letters only, up to the first comma, without the word
    for what it is. Chinese: without blanks, signs between parts, and the country in front. -#}
{% macro place_key(text) -%}
    case
        when regexp_matches({{ text }}, '^[ -~]*$')
            then regexp_replace(
                regexp_replace(
                    split_part(lower({{ text }}), ',', 1),
                    ' +(city|province|municipality|autonomous region|shi|sheng|qu|district)$', ''
                ),
                '[^a-z]', '', 'g'
            )
        else regexp_replace(
            regexp_replace({{ to_half_width(text) }}, '[ 　,，、/_·>—-]', '', 'g'),
            '^(中华人民共和国|中国)', ''
        )
    end
{%- endmacro %}
