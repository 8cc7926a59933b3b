/*
 * dns/question.h: what makes an answer hard to forge: the question that left, octet by octet, in the answer. The case
 * of its letters is chosen by chance, which servers give back as it was (draft-vixie-dnsext-dns0x20). Pure: chance is
 * an argument.
 */
#ifndef DNS_QUESTION_H
#define DNS_QUESTION_H

#include <stdbool.h>
#include <stddef.h>

#define DNS_QUESTION_MAX 512 /* octets of a query: a name of 255, and EDNS */

typedef enum dns_echo {
    DNS_ECHO_SAME,
    DNS_ECHO_OTHER_CASE, /* the same question, with letters in another case */
    DNS_ECHO_FOREIGN,    /* no answer to this query: another identifier, name, type or class, or no answer at all */
} dns_echo;

/* The octet behind the question of a query; 0: it has not one question. */
size_t dns_question_end(const unsigned char *query, size_t length);

/* Chooses the case of each letter of the name by a bit of `chance`, which has 32 octets. */
void dns_question_vary(unsigned char *query, size_t end, const unsigned char chance[static 32]);

/* Holds a reply against the query, whose question ends at `end`. */
dns_echo dns_question_echo(const unsigned char *query, size_t end, const unsigned char *reply, size_t length);

#endif
