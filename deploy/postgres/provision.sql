-- One database per service and two roles for each: <service>_owner makes the schema (migrations), <service>_app works.
-- Run by psql as the superuser, by the local stack and by the container's init folder alike; running it again changes
-- only passwords. They come from the environment: INVOICING_OWNER_PASSWORD, INVOICING_APP_PASSWORD, and so on.
\set ON_ERROR_STOP on
\set QUIET on

\getenv invoicing_owner INVOICING_OWNER_PASSWORD
\getenv invoicing_app INVOICING_APP_PASSWORD
\getenv payments_owner PAYMENTS_OWNER_PASSWORD
\getenv payments_app PAYMENTS_APP_PASSWORD
\getenv receipts_owner RECEIPTS_OWNER_PASSWORD
\getenv receipts_app RECEIPTS_APP_PASSWORD
\getenv notifications_owner NOTIFICATIONS_OWNER_PASSWORD
\getenv notifications_app NOTIFICATIONS_APP_PASSWORD

CREATE TEMPORARY TABLE wanted (service text, owner_password text, app_password text);
INSERT INTO wanted VALUES
    ('invoicing', :'invoicing_owner', :'invoicing_app'),
    ('payments', :'payments_owner', :'payments_app'),
    ('receipts', :'receipts_owner', :'receipts_app'),
    ('notifications', :'notifications_owner', :'notifications_app');

SELECT format('CREATE ROLE %I', role)
FROM wanted, unnest(ARRAY[service || '_owner', service || '_app']) AS role
WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = role)
\gexec

-- The working role owns nothing, makes nothing, and cannot step around row-level security (ALL-4).
SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L',
              service || '_owner', owner_password) FROM wanted
\gexec
SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT PASSWORD %L',
              service || '_app', app_password) FROM wanted
\gexec

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L', service, service || '_owner', 'UTF8')
FROM wanted WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = service)
\gexec

-- Nobody but its two roles connects to a service's database: no service reads another's tables.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', service) FROM wanted
\gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', service, service || '_app') FROM wanted
\gexec
