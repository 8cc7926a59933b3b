/*
 * batch/batch.h: any number of hosts, politely and fast.
 *
 * One process, the supervisor, reads the list (targets), decides which host is whose turn (schedule), writes the
 * output (output) and keeps the state of --resume (state); it touches no host. Its children do (worker), as many as
 * `jobs` says; frames go between them (frame). So nothing that a host does can lose what others have said. Who judges
 * a host and who takes the result are callbacks.
 */
#ifndef BATCH_BATCH_H
#define BATCH_BATCH_H

#include "base/options.h"
#include "batch/output.h"
#include "facts/probed.h"
#include "http/transport.h"

#define BATCH_JOBS_MAX 64

typedef struct batch_options {
    const http_transport_options *transport;
    facts_depth depth;
    bool judged;                                 /* `judge` wants the site at every depth */
    int64_t now;                                 /* HF_TIME_UNKNOWN: by the clock, for each host */
    int64_t total, find, connect, tls, response; /* milliseconds; 0: as it comes with the total */
    int64_t concurrency, per_domain, per_address, retries, jobs;
    double rate;
    int64_t pause; /* milliseconds */
    const char *output, *resume;
    const char *column;     /* base_host_list.heading of all lists */
    const char *identity;   /* of --resume: what must be the same for the lines of two runs to belong together */
    batch_output_form form; /* what stands around the lines */
} batch_options;

/* What the tally counts of one host, and what decides about another try. */
typedef struct batch_result {
    uint32_t code;             /* a facts_code; FACTS_FAILURE_NONE: an answer came */
    bool in_force;             /* a browser would hold a policy now */
    bool tls_errors;           /* the certificates have errors */
    bool answered;             /* HTTP came */
    bool partly;               /* something else of the host could not be looked at */
    bool failing;              /* a finding came that makes the run fail */
    uint32_t errors, warnings; /* findings */
    uint32_t note;             /* octets of the note */
} batch_result;

typedef struct batch_hooks {
    void *self;
    /*
     * One host is done: completes *result (in_force, partly, failing, errors, warnings) and writes the host's line to
     * `line`, and to `note` what `count` is to have; both are empty. Called in a worker; of a host that a worker died
     * of, in the supervisor.
     */
    void (*judge)(void *self, const facts_probed *probed, batch_result *result, base_buffer *line, base_buffer *note);
    /* In the supervisor: takes the note of a host that is not tried again. It comes from a worker, and may be anything.
     * NULL: there are no notes. */
    void (*count)(void *self, const char *note, size_t length);
    /* Writes the line of what does not name a host. */
    void (*refuse)(void *self, const facts_refused *refused, base_buffer *line);
    /*
     * In the supervisor: takes the line that `judge` or `refuse` wrote, in the order in which hosts are done. NULL:
     * it goes to the output.
     */
    void (*deliver)(void *self, uint64_t index, const char *line, size_t length);
    /* After the last line: writes what ends the output. NULL: nothing does. */
    void (*finish)(void *self, const facts_tally *tally, const facts_cost *cost, base_buffer *out);
} batch_hooks;

typedef struct batch_outcome {
    int code;          /* base/exit.h */
    bool went_through; /* to the end of the list or to a signal; the tally is whole */
    bool stopped;      /* a signal ended it */
    bool complete;     /* --resume: the run before had come to its end, and nothing was done */
    bool resumable;    /* --resume: the same command continues from here */
    bool failed;       /* `error` says why */
    facts_tally tally;
    facts_cost cost;
    base_error error;
} batch_outcome;

/* A line that would be longer leaves out the facts; see report/probe_line.h. */
#define BATCH_LINE_MAX ((size_t)2 << 20)

#define BATCH_NOTE_MAX ((size_t)4096)

/* When a host is probed, as its policy is judged. */
int64_t batch_moment(const batch_options *options);

/* Runs to the end of the list, and shows its progress on standard error where that is a terminal. */
void batch_run(const batch_options *options, const batch_hooks *hooks, const base_operands *operands,
               batch_outcome *outcome);

#endif
