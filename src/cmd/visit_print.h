/*
 * cmd/visit_print.h: visits told: to people, or as one JSON document.
 */
#ifndef CMD_VISIT_PRINT_H
#define CMD_VISIT_PRINT_H

#include "agent/agent.h"
#include "base/json.h"
#include "base/term.h"

/* One URL of the command line, and what came of it. */
typedef struct cmd_journey {
    const char *asked; /* as it was given */
    http_url url;
    agent_visit visit;
} cmd_journey;

/* Every step, and then the outcome. */
void cmd_visit_print(const cmd_journey *visit, int64_t now, base_term *term);
/* The outcome in one line. */
void cmd_visit_print_brief(const cmd_journey *visit, base_term *term);

/* The objects of docs/schema/visit.schema.json. */
void cmd_visit_json(const cmd_journey *visit, int64_t now, base_json *json);

/* The status of the response at which the visit ended; 0: it did not end at one. */
int cmd_visit_status(const agent_visit *visit);
/* Until when a policy noted at `now` holds. */
int64_t cmd_visit_until(const hf_policy *policy, int64_t now);

#endif
