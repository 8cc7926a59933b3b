/*
 * config/value.h: what is wrong with an HSTS header as a configuration writes it: its value and its name. Pure.
 */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "base/memory.h"
#include "findings/catalogue.h"
#include "holdfast/status.h"

/* Texts live in the arena or are constant. */
typedef struct config_value_fault {
    rule_id rule;
    size_t offset, length; /* the octets of the value that show it */
    const char *proof;
    const char *fix;    /* NULL: that of the catalogue */
    const char *mended; /* the whole value as it should be; NULL: that is not sure */
} config_value_fault;

typedef struct config_value_faults {
    config_value_fault *items;
    size_t count, capacity;
} config_value_faults;

/*
 * Appends the faults of a value as the server would send it. One cause gives one fault, and what a policy lacks is said
 * of a value that browsers accept only. An empty value has no fault: whether it is sent is up to the server.
 */
void config_value_judge(hf_span value, base_arena *arena, config_value_faults *faults);

/*
 * The same for the name of a header: no fault if it is that of HSTS, or of another header altogether. `trims`: this
 * server takes blanks behind a name away. True: the header is meant to be the HSTS header.
 */
bool config_name_judge(hf_span name, bool trims, base_arena *arena, config_value_faults *faults);

#endif
