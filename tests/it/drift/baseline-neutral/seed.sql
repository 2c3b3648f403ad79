CREATE TYPE role AS ENUM ('ADMIN', 'MEMBER');
CREATE TABLE customers (
    id serial PRIMARY KEY, email varchar(255) NOT NULL UNIQUE, name varchar(80) NOT NULL, role role NOT NULL,
    created_at timestamp NOT NULL DEFAULT now()
);
CREATE TABLE products (
    id serial PRIMARY KEY, title varchar(200) NOT NULL, price numeric(10, 2) NOT NULL, stock integer NOT NULL DEFAULT 0,
    barcode varchar(13), maker varchar(50), CONSTRAINT uq_products_title_maker UNIQUE (title, maker)
);
COMMENT ON TABLE products IS 'what is sold';
COMMENT ON COLUMN products.barcode IS 'as printed';
CREATE INDEX ix_products_title ON products (title);
CREATE INDEX ix_products_maker_price ON products (maker, price);
CREATE TABLE orders (
    id serial PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers ON DELETE CASCADE, status varchar(10) NOT NULL,
    sent_on date, created_at timestamp NOT NULL DEFAULT now()
);
CREATE INDEX ix_orders_customer_id ON orders (customer_id);
CREATE TABLE order_lines (
    order_id integer REFERENCES orders, product_id integer REFERENCES products, quantity integer NOT NULL,
    PRIMARY KEY (order_id, product_id)
);
