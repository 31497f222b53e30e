{#- Text with full-width digits, letters and signs as half-width ones, for values that are read by
    machine: numbers, times, phones, addresses, ids. Names keep the width they were written in.
    Translating costs far more than looking whether there is anything to translate, and that more
    than seeing that a text has one byte per sign. -#}
{% macro to_half_width(text) -%}
    case
        when
            bit_length({{ text }}) > 8 * length({{ text }})
            and regexp_matches({{ text }}, '[！-～−–]')
            then translate({{ text }}, '{{ full_width_signs() }}', '{{ half_width_signs() }}')
        else {{ text }}
    end
{%- endmacro %}

{#- Digits, letters, and the signs that stand in such values; the last are a minus and a dash. -#}
{% macro full_width_signs() -%}
    ０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ
    {{- '＋－．，：／（）＊＃＄＠＿＝−–' -}}
{%- endmacro %}

{% macro half_width_signs() -%}
    0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ
    {{- '+-.,:/()*#$@_=--' -}}
{%- endmacro %}
