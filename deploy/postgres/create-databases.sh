#!/bin/sh
# Runs once, when the database server starts on an empty volume: a login and a database
# for each service, which no other service's login can connect to.
set -eu

create() {
  service=$1 password=$2
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set role="samordna_$service" --set password="$password" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role";
REVOKE CONNECT, TEMPORARY ON DATABASE :"role" FROM PUBLIC;
SQL
}

create gateway "$GATEWAY_DATABASE_PASSWORD"
create participant "$PARTICIPANT_DATABASE_PASSWORD"
create finance "$FINANCE_DATABASE_PASSWORD"
create reporting "$REPORTING_DATABASE_PASSWORD"
