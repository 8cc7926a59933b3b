/*
 * cmd/check_history.h: until when the last visitor of a site can be held, by a history of what was served and by what
 * was seen of it now.
 */
#ifndef CMD_CHECK_HISTORY_H
#define CMD_CHECK_HISTORY_H

#include "facts/site.h"
#include "rollout/history.h"

/* Fills in site->horizon, once the site was looked at. `records` NULL: there is no history. */
void cmd_check_history(const rollout_records *records, int64_t now, facts_site *site);

#endif
