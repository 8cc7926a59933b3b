/*
 * dns/master.h: a zone as people write it down (RFC 1035 5), line by line: whose records of which types there are. What
 * the records say is passed over. Pure: every octet may be hostile.
 */
#ifndef DNS_MASTER_H
#define DNS_MASTER_H

#include "dns/message.h"

#include "base/error.h"
#include "holdfast/status.h"

typedef struct dns_master {
    char origin[DNS_TEXT_MAX]; /* without a final dot; "": the root; see `placed` */
    char owner[DNS_TEXT_MAX];  /* of the last record */
    bool placed;               /* there is an origin */
    bool owned;                /* there is an owner */
    unsigned depth;            /* of parentheses */
    bool quoted;               /* inside of a string */
    /* The record that is being read. */
    bool begun;     /* its owner stands on the line */
    unsigned words; /* that were read behind the owner */
    bool typed;     /* its type was among them */
} dns_master;

/* A record, in the order of the file: the owner as dns_name writes it, and the type: 0 for one that Holdfast does not
 * know. */
typedef void dns_master_record(void *self, const char *owner, unsigned type);

/* `origin`: what relative names are relative to until $ORIGIN says so, as dns_name writes it; NULL: nothing. False if
 * it is too long. */
bool dns_master_begin(dns_master *master, const char *origin);

/* Reads the next line, without its line feed, and calls `record` for what begins in it. False, with the reason, if it
 * cannot be read, or leads elsewhere: $INCLUDE, $GENERATE. */
bool dns_master_line(dns_master *master, hf_span line, dns_master_record *record, void *self, base_error *error);

/* False, with the reason, if the file ends inside of a record. */
bool dns_master_end(const dns_master *master, base_error *error);

#endif
