/*
 * cmd/check_lists.h: where a site stands on the browsers' preload lists.
 */
#ifndef CMD_CHECK_LISTS_H
#define CMD_CHECK_LISTS_H

#include "facts/site.h"
#include "preload/lists.h"

/* Whose each of the lists is that can be read: "Chrome, Edge". */
extern const char *const cmd_check_list_names[PRELOAD_WHICHES];

/* Fills in site->listings, unless no list is to be asked. */
void cmd_check_lists(const preload_lists *lists, int64_t now, facts_site *site);

#endif
