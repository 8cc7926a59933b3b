/*
 * facts/lab.h: the hosts of the lab, and what a check found on them. Plain values: src/lab and the command fill them
 * in, src/report prints them.
 */
#ifndef FACTS_LAB_H
#define FACTS_LAB_H

#include <stdbool.h>
#include <stddef.h>

/* One host, from the table in lab/hosts.c. */
typedef struct facts_lab_host {
    const char *name;  /* "expired.lab.test" */
    const char *fault; /* in words: "expired certificate" */
    /*
     * What a check must find: the names of its warnings and errors, and of the lesser findings that are meant, in
     * order, joined by ", "; or "hsts-in-force".
     */
    const char *expected;
    /* Values for --connect-to that reach it on ports 80 and 443, NULL at the end. */
    const char *connect_to[3];
} facts_lab_host;

/* The lab as it serves. */
typedef struct facts_lab {
    const facts_lab_host *hosts;
    size_t count;
    int port;
    const char *cafile, *connect_to, *dns; /* for the options of these names */
} facts_lab;

/* What a check found on one host. */
typedef struct facts_lab_result {
    const facts_lab_host *host;
    const char *found; /* in the words of facts_lab_host.expected */
    const char *summary;
    bool agrees;
} facts_lab_result;

#endif
