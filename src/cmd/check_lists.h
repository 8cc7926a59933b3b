/*
 * cmd/check_lists.h: where a site stands on the browsers' preload lists.
 */
#ifndef CMD_CHECK_LISTS_H
#define CMD_CHECK_LISTS_H

#include "facts/site.h"
#include "preload/lists.h"

/* Fills in site->listings, unless no list is to be asked. */
void cmd_check_lists(const preload_lists *lists, int64_t now, facts_site *site);

#endif
