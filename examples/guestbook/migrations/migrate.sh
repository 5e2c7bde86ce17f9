#!/bin/sh
# Applies every migration in order; each one is safe to repeat.
set -eu
PGPASSWORD=$(cat /run/secrets/db_password)
export PGPASSWORD
for file in /migrations/*.sql; do
  echo "applying $(basename "$file")"
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file "$file"
done
echo "database is up to date"
