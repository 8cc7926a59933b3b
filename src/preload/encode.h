/*
 * preload/encode.h: the names of a list as codes, sorted; all that the sections of an image are written from.
 */
#ifndef PRELOAD_ENCODE_H
#define PRELOAD_ENCODE_H

#include "preload/endings.h"
#include "preload/model.h"

#define PRELOAD_HEAD_BITS 8
#define PRELOAD_TAIL_ESCAPE                                                                                            \
    63 /* a tail of so many units or more, or without include_subdomains, is written out in full */
#define PRELOAD_TAIL_ESCAPE_BITS 12
#define PRELOAD_TAIL_CODE_BITS 10

/* A name below an ending. Its code is that of the ending, those of its characters, and as many dots as fill up cell and
 * unit. */
typedef struct preload_name {
    uint32_t entry;
    uint32_t code_bits; /* without the dots */
    size_t start;       /* bit of preload_codebook.bits */
    uint32_t length;    /* with the dots, which may reach beyond it */
} preload_name;

typedef struct preload_codebook {
    const hf_preload_entry *entries;
    preload_endings endings;
    preload_model model;
    uint8_t alphabet[PRELOAD_SYMBOLS_MAX];
    unsigned alphabet_length;
    uint8_t *text;       /* for the model: the names, as symbols from right to left, */
    size_t *ends;        /* and where each ends */
    preload_name *names; /* in the order of their codes */
    size_t name_count;
    preload_bits bits;
    unsigned bucket_bits;
    unsigned tail_unit;
    uint8_t tail_lengths[PRELOAD_TAIL_ESCAPE + 1]; /* bits of the code of each length */
} preload_codebook;

/* Encodes `count` entries. False if their names have more characters than an alphabet may. */
bool preload_encode(preload_codebook *book, const hf_preload_entry *entries, size_t count);
void preload_codebook_done(preload_codebook *book);

/* Bits behind the cell. */
uint32_t preload_tail_length(const preload_codebook *book, const preload_name *name);
/* The symbol of its code of a length: units, or the escape. */
unsigned preload_tail_symbol(const preload_codebook *book, const preload_name *name);

#endif
