#!/bin/sh
# runs as www-data before Apache starts
php /var/www/html/occ background:cron || true
