{#- Whether an order is or was paid, from what its status says in the seed order_statuses: paid,
    unpaid, or, like a status that is not in the seed, by whether there is a time of payment. -#}
{% macro is_paid(payment, paid_at) -%}
    case {{ payment }}
            when 'paid' then true
            when 'unpaid' then false
            else {{ paid_at }} is not null
        end
{%- endmacro %}
