-- One night, written by hand: from landed texts to orders, customers, RFM, lifecycle, segments.
-- duckdb_script.py sets the variables `landing`, `seeds`, `as_of` and `currency` before.
set timezone = 'Asia/Shanghai';

create macro landed(source) as table
select *, file_row_number as row_number_in_file
from read_parquet(
    getvariable('landing') || '/' || source || '/*.parquet',
    union_by_name = true, file_row_number = true
)
where _landed_for <= getvariable('as_of');

create macro seed(name) as table
from read_csv(getvariable('seeds') || '/' || name || '.csv', all_varchar = true);

-- Text without guards against Excel, blanks, and the dash that stands for nothing.
create macro bare(t) as trim(t, e' \t="''');

create macro text_of(t) as case when bare(t) not in ('', '-') then bare(t) end;

create macro amount_of(t) as coalesce(
    try_cast(t as decimal(18, 4)),
    try_cast(regexp_replace(t, '[^0-9.-]', '', 'g') as decimal(18, 4))
);

create macro time_of(t) as try_cast(replace(bare(t), '/', '-') as timestamp);

create macro is_masked(t) as t like '%*%' or t like '%##%' or t like '%$$%';

create macro email_of(t) as case
    when t like '%_@_%._%' and not is_masked(t) then lower(bare(t))
end;

create macro digits_of(t) as regexp_replace(
    regexp_replace(regexp_replace(t, '[^0-9+]', '', 'g'), '^00', '+'),
    '^([+]?86)?(1[3-9][0-9]{9})$', '+86\2'
);

create macro phone_of(t) as case
    when not is_masked(t) and regexp_full_match(digits_of(t), '[+][1-9][0-9]{7,14}')
        then digits_of(t)
end;

create macro status_of(t) as replace(translate(trim(t), '，（）', ',()'), ' ', '');

create table statuses as
select source_system, status_of(status) as status, payment, is_cancelled = 'true' as is_cancelled
from seed('order_statuses');

create table rates as
select currency, valid_from, rate,
    least(lead(valid_from) over (partition by currency order by valid_from), valid_from + 11)
        as valid_until
from (
    select upper(text_of(from_currency)) as currency, try_cast(rate_date as date) as valid_from,
        arg_max(try_cast(exchange_rate as decimal(18, 8)), (_exported_at, _file_number)) as rate
    from landed('reference/exchange_rates')
    where to_currency = getvariable('currency')
    group by all
)
union all
select getvariable('currency'), date '1900-01-01', 1, date '2100-01-01';

-- Shop: order lines in a row. A line that is repeated exactly counts once, and the newest export
-- of an order states it whole.
create temp table shop_lines as
with typed as (
    select order_id, _exported_at, _file_number, row_number_in_file as place, product_id,
        text_of(line_id) as line_id,
        time_of(ordered_at) as ordered_at,
        amount_of(quantity) as quantity, amount_of(unit_price) as unit_price, order_amount,
        coalesce(upper(text_of(currency)), getvariable('currency')) as currency,
        lower(text_of(status)) as status,
        text_of(customer_id) as buyer, phone_of(phone) as phone, email_of(email) as email
    from landed('shop/order_lines')
),

distinct_lines as (
    select order_id, _exported_at, _file_number, min(place) as place, product_id, quantity,
        unit_price, any_value(ordered_at) as ordered_at, any_value(currency) as currency,
        any_value(status) as status, any_value(buyer) as buyer, any_value(phone) as phone,
        any_value(email) as email
    from typed
    where order_id is not null and product_id is not null and ordered_at is not null
        and quantity is not null and unit_price is not null
        and ordered_at < getvariable('as_of') + 1
    group by order_id, _exported_at, _file_number, product_id, quantity, unit_price, order_amount,
        coalesce(line_id, place::varchar)
)

select 'shop:' || order_id as order_id, order_id as source_order_id, ordered_at, currency, status,
    coalesce(buyer, email, phone) as buyer, phone, email, 'shop:' || product_id as product_id,
    quantity, round(quantity * unit_price, 2)::decimal(18, 2) as amount,
    coalesce(types.product_type, 'product') as line_type,
    coalesce(types.is_sale, 'true') = 'true' as is_sale,
    row_number() over newest as line_number
from distinct_lines
left join seed('shop_product_types') as types on product_id = types.product_code
window newest as (
    partition by order_id order by _exported_at desc, _file_number desc, place
)
qualify _file_number = first_value(_file_number) over newest;

create temp table shopify_lines as
with typed as (
    select order_name, _exported_at, _file_number, row_number_in_file as place,
        text_of(order_number) as order_number,
        email_of(email) as email,
        phone_of(coalesce(text_of(phone), text_of(shipping_phone), text_of(billing_phone)))
            as phone,
        upper(text_of(currency)) as currency, text_of(channel) as channel,
        amount_of(total_amount) as total, amount_of(refunded_amount) as refunded,
        try_strptime(created_at, '%Y-%m-%d %H:%M:%S %z') as created_at,
        text_of(cancelled_at) is not null as is_cancelled,
        amount_of(line_quantity) as quantity, amount_of(line_price) as unit_price,
        coalesce(amount_of(line_discount), 0) as discount,
        coalesce(text_of(line_sku), text_of(line_name)) as product
    from landed('shopify/orders')
)

select order_name, order_number, email, phone, currency, channel, total, refunded, created_at,
    is_cancelled, 'shopify:' || product as product_id, quantity,
    round(quantity * unit_price - discount, 2)::decimal(18, 2) as amount,
    row_number() over newest as line_number
from typed
where order_name is not null and quantity is not null and unit_price is not null
    and created_at::date <= getvariable('as_of')
window newest as (
    partition by order_name order by _exported_at desc, _file_number desc, place
)
qualify _file_number = first_value(_file_number) over newest;

-- Marketplaces.
create temp table taobao_lines as
with typed as (
    select text_of(order_id) as order_id, _exported_at, _file_number, row_number_in_file as place,
        coalesce(text_of(line_id), row_number_in_file::varchar) as line_key,
        amount_of(quantity) as quantity, amount_of(unit_price) as unit_price,
        coalesce(text_of(merchant_code), text_of(external_code), text_of(product_title), 'unknown')
            as product,
        nullif(amount_of(text_of(refunded_text)), 0) as refunded, amount_of(due_amount) as due,
        status_of(line_status) as status
    from landed('taobao/order_lines')
),

newest_lines as (
    select *, row_number() over newest as line_number
    from typed
    where order_id is not null and quantity is not null and unit_price is not null
    window newest as (
        partition by order_id order by _exported_at desc, _file_number desc, place
    )
    qualify _file_number = first_value(_file_number) over newest
)

select 'taobao:' || order_id as order_id, 'taobao:' || any_value(product) as product_id, quantity,
    round(quantity * unit_price, 2)::decimal(18, 2) as amount, min(line_number) as line_number,
    max(coalesce(refunded, case when is_cancelled then coalesce(due, quantity * unit_price) end))
        as refunded
from newest_lines
left join statuses on source_system = 'taobao' and newest_lines.status = statuses.status
group by order_id, line_key, quantity, unit_price;

create temp table taobao_orders as
with newest as (
    select text_of(order_id) as order_id, time_of(ordered_at) as ordered_at,
        text_of(paid_at) is not null as has_payment, status_of(order_status) as status,
        amount_of(paid_amount) as paid, amount_of(total_amount) as total,
        amount_of(goods_due_amount) as due, amount_of(postage_due_amount) as postage,
        coalesce(amount_of(text_of(refunded_text)), 0) as stated_refund,
        case when not is_masked(buyer_account) then text_of(buyer_account) end as buyer,
        coalesce(
            phone_of(phone),
            phone_of(nullif(regexp_extract(address, '^[^，]*，86-([0-9]+)，', 1), ''))
        ) as phone,
        phone_of(landline) as landline, email_of(buyer_alipay_account) as email
    from landed('taobao/orders')
    where text_of(order_id) is not null
    qualify row_number() over (
        partition by text_of(order_id)
        order by _exported_at desc, _file_number desc, row_number_in_file
    ) = 1
),

parcels as (
    select text_of(order_id) as order_id, max(phone_of(phone)) as phone
    from landed('taobao/shipments')
    group by 1
),

refunds as (
    select order_id, sum(refunded) as refunded from taobao_lines group by order_id
),

judged as (
    select newest.*, coalesce(is_cancelled, false) as is_cancelled,
        case payment when 'paid' then true when 'unpaid' then false else has_payment end
            as is_paid,
        coalesce(newest.phone, parcels.phone, landline) as best_phone,
        coalesce(refunds.refunded, 0) as line_refund,
        coalesce(
            case when is_paid then paid end, total, due + coalesce(postage, 0), paid, 0
        ) as gross
    from newest
    left join statuses on source_system = 'taobao' and newest.status = statuses.status
    left join parcels on newest.order_id = parcels.order_id
    left join refunds on 'taobao:' || newest.order_id = refunds.order_id
)

select order_id, 'taobao' as channel, ordered_at, is_cancelled, is_paid, gross,
    case
        when is_cancelled then gross
        when stated_refund > 0 and due - paid = stated_refund then 0
        else least(greatest(stated_refund, line_refund), gross)
    end as refund,
    buyer, best_phone as phone, email
from judged;

create temp table jd_lines as
with typed as (
    select text_of(order_id) as source_order_id, _exported_at, _file_number,
        row_number_in_file as place, time_of(ordered_at) as ordered_at,
        text_of(paid_at) as paid_at, status_of(order_status) as status,
        text_of(channel) as channel, text_of(order_source) as order_source,
        amount_of(due_amount) as due, amount_of(balance_amount) as balance,
        amount_of(order_amount) as order_amount,
        case when not is_masked(buyer_account) then text_of(buyer_account) end as buyer,
        phone_of(phone) as phone, text_of(product_code) as product_code,
        coalesce(text_of(product_code), text_of(merchant_code), text_of(product_name), 'unknown')
            as product,
        amount_of(quantity) as quantity, amount_of(unit_price) as unit_price
    from landed('jd/order_lines')
)

select *, row_number() over newest as line_number
from typed
where source_order_id is not null and quantity is not null and unit_price is not null
window newest as (
    partition by source_order_id order by _exported_at desc, _file_number desc, place
)
qualify _file_number = first_value(_file_number) over newest;

create temp table jd_orders as
with grouped as (
    select source_order_id as order_id, min(ordered_at) as ordered_at,
        max(paid_at) is not null as has_payment, max(status) as status,
        coalesce(max(channel), max(order_source), 'jd') as channel,
        coalesce(max(due) + coalesce(max(balance), 0), max(order_amount), 0) as gross,
        max(buyer) as buyer, max(phone) as phone
    from jd_lines
    group by source_order_id
)

select order_id, channel, ordered_at, coalesce(is_cancelled, false) as is_cancelled,
    case payment when 'paid' then true when 'unpaid' then false else has_payment end as is_paid,
    gross, case when is_cancelled then gross else 0 end as refund, buyer, phone,
    null::varchar as email
from grouped
left join statuses on source_system = 'jd' and grouped.status = statuses.status;

create temp table youzan_orders as
with newest as (
    select text_of(order_id) as order_id, time_of(ordered_at) as ordered_at,
        text_of(paid_at) is not null as has_payment, status_of(order_status) as status,
        coalesce(text_of(order_source), text_of(sales_channel), 'youzan') as channel,
        amount_of(paid_amount) as paid, amount_of(receivable_amount) as receivable,
        coalesce(amount_of(refunded_amount), 0) as refunded, amount_of(goods_amount) as goods,
        coalesce(phone_of(phone), phone_of(receiver_phone)) as phone,
        coalesce(text_of(product_names), 'unknown') as product
    from landed('youzan/orders')
    where text_of(order_id) is not null
    qualify row_number() over (
        partition by text_of(order_id)
        order by _exported_at desc, _file_number desc, row_number_in_file
    ) = 1
)

select order_id, channel, ordered_at, coalesce(is_cancelled, false) as is_cancelled,
    case payment when 'paid' then true when 'unpaid' then false else has_payment end as is_paid,
    coalesce(case when is_paid then paid end, receivable, paid, 0) as gross,
    case when is_cancelled then gross else least(refunded, gross) end as refund,
    null::varchar as buyer, phone, null::varchar as email, product,
    coalesce(goods, receivable, paid)::decimal(18, 2) as line_amount
from newest
left join statuses on source_system = 'youzan' and newest.status = statuses.status;

create temp table douyin_lines as
with typed as (
    select text_of(order_id) as order_id, text_of(sub_order_id) as sub_order_id, _exported_at,
        _file_number, row_number_in_file as place, time_of(ordered_at) as ordered_at,
        text_of(paid_at) is not null as has_payment, status_of(order_status) as status,
        status_of(after_sale_status) as after_sale, amount_of(quantity) as quantity,
        amount_of(due_amount) as due, phone_of(phone) as phone,
        text_of(traffic_source) as channel,
        coalesce(text_of(merchant_code), text_of(item_code), text_of(product_name), 'unknown')
            as product,
        coalesce(
            amount_of(goods_amount),
            amount_of(due_amount) + coalesce(amount_of(platform_discount), 0)
            + coalesce(amount_of(merchant_discount), 0)
            + coalesce(amount_of(creator_discount), 0)
        )::decimal(18, 2) as amount
    from landed('douyin/order_lines')
),

newest_lines as (
    select *, row_number() over newest as line_number
    from typed
    where order_id is not null and sub_order_id is not null and due is not null
        and quantity is not null
    window newest as (
        partition by order_id order by _exported_at desc, _file_number desc, place
    )
    qualify _file_number = first_value(_file_number) over newest
)

select newest_lines.*, coalesce(states.is_cancelled, false) as is_cancelled,
    coalesce(states.is_cancelled or after_sales.is_cancelled, false) as is_given_back,
    case coalesce(after_sales.payment, states.payment)
        when 'paid' then true when 'unpaid' then false else has_payment
    end as is_paid
from newest_lines
left join statuses as states
    on states.source_system = 'douyin' and newest_lines.status = states.status
left join statuses as after_sales
    on after_sales.source_system = 'douyin' and newest_lines.after_sale = after_sales.status;

create temp table marketplace_orders as
select 'taobao' as source_system, * from taobao_orders
union all
select 'jd', * from jd_orders
union all
select 'youzan', * exclude (product, line_amount) from youzan_orders
union all
select 'douyin', order_id, coalesce(max(channel), 'douyin'), min(ordered_at),
    bool_and(is_cancelled or due = 0) and bool_or(is_cancelled), bool_or(is_paid), sum(due),
    coalesce(sum(due) filter (where is_given_back), 0), null, max(phone), null
from douyin_lines
group by order_id;

create temp table shopify_orders as
select order_name, coalesce(max(order_number), order_name) as source_order_id,
    max(email) as email, max(phone) as phone, max(currency) as currency,
    coalesce(max(channel), 'web') as channel, min(created_at) as created_at, max(total) as total,
    coalesce(max(refunded), 0) as refunded, bool_or(is_cancelled) as is_cancelled
from shopify_lines
group by order_name
having max(total) is not null;

create temp table stated_orders as
select 'shop:' || source_order_id as order_id, 'shop' as source_system, source_order_id,
    'shop' as channel, 'shop:' || max(buyer) as record_key, min(ordered_at) as local_at,
    max(currency) as currency, bool_or(is_sale) as is_sale, true as is_paid,
    coalesce(max(status) in (select order_status from seed('cancelled_statuses')), false)
        as is_cancelled,
    sum(amount) as amount, 0 as refund
from shop_lines
group by source_order_id
union all
select 'shopify:' || source_order_id, 'shopify', source_order_id, channel,
    'shopify:' || coalesce(email, phone), created_at::timestamp, currency, true, true,
    is_cancelled, total, refunded
from shopify_orders
union all
select source_system || ':' || order_id, source_system, order_id, channel,
    source_system || ':' || coalesce(buyer, phone, email), ordered_at, 'CNY', true, is_paid,
    is_cancelled, gross, refund
from marketplace_orders
where ordered_at < getvariable('as_of') + 1;

-- People: records of buyers and CRMs that share a phone or an e-mail are one customer.
create macro newest_of(source) as table
from landed(source)
where _exported_at >= coalesce(
    (select max(_exported_at) from landed(source) where _load = 'full'),
    timestamp '1900-01-01'
);

create temp table contacts as
with zoho as (
    select 'zoho:' || record_id as record_key, 'zoho' as source_system, record_id,
        coalesce(phone_of(mobile), phone_of(phone)) as phone, email_of(email) as email,
        email_of(secondary_email) as second_email, modified_at, _exported_at, _file_number
    from newest_of('zoho/contacts')
    union all
    select 'zoho.lead:' || record_id, 'zoho', record_id,
        coalesce(phone_of(mobile), phone_of(phone)), email_of(email), null, modified_at,
        _exported_at, _file_number
    from newest_of('zoho/leads')
    union all
    select 'fxiaoke:' || record_id, 'fxiaoke', record_id, phone_of(phone), email_of(email), null,
        modified_at, _exported_at, _file_number
    from newest_of('fxiaoke/customers')
    where coalesce(is_deleted, '') <> 'true'
    union all
    select 'fxiaoke.contact:' || record_id, 'fxiaoke', record_id,
        coalesce(
            phone_of(mobile), phone_of(mobile_2), phone_of(mobile_3), phone_of(phone),
            phone_of(phone_2), phone_of(phone_3)
        ),
        email_of(email), null, modified_at, _exported_at, _file_number
    from newest_of('fxiaoke/contacts')
    union all
    select 'fxiaoke.lead:' || record_id, 'fxiaoke', record_id,
        coalesce(phone_of(mobile), phone_of(phone)), email_of(email), null, modified_at,
        _exported_at, _file_number
    from newest_of('fxiaoke/leads')
),

newest as (
    select record_key, any_value(source_system) as source_system,
        arg_max(
            {phone: phone, email: email, second_email: second_email},
            (_exported_at, modified_at, _file_number)
        ) as stated
    from zoho
    group by record_key
),

members as (
    select text_of(customer_id) as customer_id, email_of(email) as email,
        coalesce(phone_of(phone), phone_of(address_phone)) as phone
    from newest_of('shopify/customers')
)

select record_key, source_system, stated.phone, stated.email from newest
union all
select record_key, source_system, null, stated.second_email
from newest
where stated.second_email is not null
union all
select 'shopify.customer:' || coalesce(customer_id, email, phone), 'shopify', phone, email
from members
union all
select 'youzan.customer:' || md5(concat_ws('|', phone, full_name, nickname, became_customer_at)),
    'youzan', phone_of(phone), null
from newest_of('youzan/customers')
union all
select 'loyalty:' || member_id, 'loyalty', phone_of(phone), email_of(email)
from newest_of('loyalty/member_levels')
union all
select 'shopify:' || coalesce(email, phone), 'shopify', phone, email from shopify_orders
union all
select distinct 'shop:' || buyer, 'shop', phone, email from shop_lines
union all
select source_system || ':' || coalesce(buyer, phone, email), source_system, phone, email
from marketplace_orders;

create temp table records as
select record_key, any_value(source_system) as source_system,
    row_number() over ()::integer as record
from contacts
where record_key is not null
group by record_key;

-- A variable, so that the patterns are compiled once and not for each value.
set variable blocked = (
    select string_agg(replace(identifier_kind, '*', '[a-z]+') || ' (' || pattern || ')', '|')
    from seed('blocked_identifiers')
);

-- What many records hold, or a form is filled with, links nobody; nor does a number of a desk.
create temp table edges as
with stated as (
    select distinct record_key, 'phone' as kind, phone as held
    from contacts
    where phone is not null and not regexp_matches(phone, '^[+]86([2-9]|10)')
    union all
    select distinct record_key, 'email', email from contacts where email is not null
),

shared as (
    select kind, held, min(record) as hub, list(record) as members
    from stated
    inner join records using (record_key)
    group by kind, held
    having count(*) between 2 and 200
),

hooked as (
    select hub, unnest(members) as member
    from shared
    where not regexp_full_match(
        kind || ' ' || held, coalesce(getvariable('blocked'), 'nothing is')
    )
)

select hub as record, member as neighbour from hooked where hub <> member
union
select member, hub from hooked where hub <> member;

create temp table people as
with recursive labels(record, label) using key (record) as (
    select record, least(record, min(neighbour)) as label from edges group by record
    union
    select edges.record, min(labels.label)
    from labels
    inner join edges on labels.record = edges.neighbour
    inner join recurring.labels as known on known.record = edges.record
    group by edges.record, known.label
    having min(labels.label) < known.label
)

select record_key, source_system, coalesce(label, record) as customer_id
from records
left join labels using (record);

-- Orders and their lines, in the reporting currency.
create table fct_orders as
with rated as (
    select stated_orders.*, local_at::date as order_date, rate, customer_id,
        greatest(amount, 0)::decimal(18, 2) as stated_gross,
        (case when is_cancelled then greatest(amount, 0) else refund - least(amount, 0) end)
            ::decimal(18, 2) as stated_refund
    from stated_orders
    inner join rates on stated_orders.currency = rates.currency
        and local_at::date >= valid_from and local_at::date < valid_until
    left join people using (record_key)
),

converted as (
    select *, round(stated_gross * rate, 2)::decimal(18, 2) as gross_amount,
        round(stated_refund * rate, 2)::decimal(18, 2) as refund_amount
    from rated
)

select order_id, customer_id, source_system, source_order_id, channel, order_date,
    timezone('UTC', local_at::timestamptz) as ordered_at,
    is_sale and is_paid and not is_cancelled and gross_amount > refund_amount as is_counted,
    is_cancelled, gross_amount, refund_amount,
    (gross_amount - refund_amount)::decimal(18, 2) as net_amount,
    currency as original_currency, stated_gross as original_gross_amount,
    (stated_gross - stated_refund)::decimal(18, 2) as original_net_amount, rate
from converted;

create table fct_order_lines as
with sold as (
    select order_id, line_number, product_id, line_type, quantity, amount from shop_lines
    union all
    select 'shopify:' || source_order_id, line_number, product_id, 'product', quantity, amount
    from shopify_lines
    inner join shopify_orders using (order_name)
    union all
    select order_id, line_number, product_id, 'product', quantity, amount from taobao_lines
    union all
    select 'jd:' || source_order_id, min(line_number), 'jd:' || any_value(product), 'product',
        quantity, round(quantity * unit_price, 2)::decimal(18, 2)
    from jd_lines
    group by source_order_id, coalesce(product_code, place::varchar), quantity, unit_price
    union all
    select 'youzan:' || order_id, 1, 'youzan:' || product, 'product', null, line_amount
    from youzan_orders
    union all
    select 'douyin:' || order_id, line_number, 'douyin:' || product, 'product', quantity, amount
    from douyin_lines
),

products as (
    select order_id, line_number::varchar as line_key, product_id, line_type, quantity,
        round(amount * rate, 2)::decimal(18, 2) as net_amount
    from sold
    inner join fct_orders using (order_id)
),

totals as (
    select order_id, gross_amount, net_amount, coalesce(line_amount, 0) as line_amount,
        case
            when gross_amount > 0 or line_amount > 0 then gross_amount - coalesce(line_amount, 0)
            else 0
        end as charges
    from fct_orders
    left join (
        select order_id, sum(net_amount) as line_amount from products group by order_id
    ) using (order_id)
),

lines as (
    from products
    union all
    select order_id, 'charges', null, 'charges', null, charges from totals where charges <> 0
    union all
    select order_id, 'refund', null, 'refund', null, net_amount - line_amount - charges
    from totals
    where net_amount <> line_amount + charges
)

select order_id || ':' || line_key as order_line_id, order_id, customer_id, product_id, line_type,
    source_system, order_date, quantity::decimal(18, 3) as quantity,
    lines.net_amount::decimal(18, 2) as net_amount
from lines
inner join fct_orders using (order_id);

-- Customers and their classes.
create table customers as
with bought as (
    select customer_id,
        min(order_date) filter (where is_counted) as first_order_date,
        max(order_date) filter (where is_counted) as last_order_date,
        count(*) filter (where is_counted and is_in_window) as order_count,
        sum(net_amount) filter (where is_in_window) as net_amount
    from (
        select *, order_date > getvariable('as_of') - 365 as is_in_window from fct_orders
    )
    where customer_id is not null
    group by customer_id
),

known as (
    select customer_id, count(distinct source_system) as source_systems, count(*) as records
    from people
    group by customer_id
)

select customer_id, source_systems, records, first_order_date, last_order_date,
    getvariable('as_of') - last_order_date as recency_days,
    coalesce(order_count, 0) as order_count,
    coalesce(net_amount, 0)::decimal(18, 2) as net_amount
from known
left join bought using (customer_id);

create table customer_rfm as
with breaks as (
    select quantile_cont(recency_days::double, [0.2, 0.4, 0.6, 0.8]) as recency,
        quantile_cont(order_count::double, [0.2, 0.4, 0.6, 0.8]) as frequency,
        quantile_cont(net_amount::double, [0.2, 0.4, 0.6, 0.8]) as monetary,
        avg(recency_days) as mean_recency, avg(order_count) as mean_frequency,
        avg(net_amount) as mean_monetary
    from customers
    where last_order_date is not null
),

scored as (
    select customers.*,
        case when recency_days <= mean_recency then 'near' else 'far' end as recency_side,
        case when order_count >= mean_frequency then 'high' else 'low' end as frequency_side,
        case when net_amount >= mean_monetary then 'high' else 'low' end as monetary_side,
        5 - len(list_filter(recency, lambda b: round(b, 4) < recency_days)) as r_score,
        1 + len(list_filter(frequency, lambda b: round(b, 4) <= order_count)) as f_score,
        1 + len(list_filter(monetary, lambda b: round(b, 4) <= net_amount)) as m_score
    from customers, breaks
    where last_order_date is not null
)

select customers.customer_id, customers.recency_days, customers.order_count,
    customers.net_amount, r_score, f_score, m_score, rfm_cell,
    coalesce(rfm_segment, 'no_orders') as rfm_segment, coalesce(rfm_type, 'no_orders') as rfm_type
from customers
left join scored using (customer_id)
left join seed('rfm_cells') on rfm_cell = r_score || '' || f_score || m_score
left join seed('rfm_types') using (recency_side, frequency_side, monetary_side);

create table customer_lifecycle as
with gaps as (
    select customer_id, order_date,
        order_date - lag(order_date) over (partition by customer_id order by order_date) as gap
    from fct_orders
    where is_counted and customer_id is not null
),

comebacks as (
    select customer_id, max(order_date) as returned_date from gaps where gap >= 90 group by 1
)

select customer_id,
    case
        when last_order_date is null then 'first_contact'
        when getvariable('as_of') - first_order_date < 30 then 'new'
        when getvariable('as_of') - returned_date < 30 then 'returned'
        when recency_days < 90 then 'active'
        when recency_days < 180 then 'silent'
        else 'churned'
    end as lifecycle_stage
from customers
left join comebacks using (customer_id);

-- Segments, as far as they follow from orders.
create table segments as
with spenders as (
    select customer_id, (rank() over (order by net_amount desc) - 1) / count(*) over () as share
    from customers
    where order_count > 0
),

profile as (
    from customer_rfm
    inner join customer_lifecycle using (customer_id)
    left join spenders using (customer_id)
)

unpivot (
    select
        count(*) filter (where rfm_segment in ('champions', 'loyal')) as high_value_365d_loyalty,
        count(*) filter (where order_count >= 6) as frequent_buyer_365d_loyalty,
        count(*) filter (where share < 0.2) as large_spender_365d_sales,
        count(*) filter (
            where lifecycle_stage in ('active', 'returned') and coalesce(share >= 0.2, true)
        ) as active_90d_sales,
        count(*) filter (where lifecycle_stage = 'first_contact') as never_ordered_sales,
        count(*) filter (where lifecycle_stage = 'silent') as silent_90d_wakeup,
        count(*) filter (where lifecycle_stage = 'churned') as churned_180d_winback,
        count(*) filter (where rfm_type in ('important_retain', 'important_keep'))
            as important_retain_365d_winback
    from profile
)
on * into name segment_id value members;

alter table fct_orders drop column rate;
