/*
 * stores/places.h: where programs keep their HSTS stores, as data. A new place is a line in the table of places.c.
 */
#ifndef STORES_PLACES_H
#define STORES_PLACES_H

typedef struct stores_place {
    const char *program; /* for people */
    const char *kind;    /* of the store, as in KIND:PATH */
    const char *pages;   /* the scheme of the browser's own pages: "chrome"; NULL: none that does the same */
    /*
     * Below the home folder; a * stands for any name. Of kind "chromium" and "firefox" it is the folder that holds
     * the profiles, of any other the file itself. NULL: the program has none on this system.
     */
    const char *below_home;
} stores_place;

/* Ends with a place without a program. */
extern const stores_place stores_places[];

/* A setting in another program's configuration that names its store. Ends with a row without a kind. */
typedef struct stores_pointer {
    const char *program;
    const char *kind;
    const char *below_home; /* the configuration */
    const char *key;        /* in lower case, with '-' for '_' */
} stores_pointer;

extern const stores_pointer stores_pointers[];

/* The place that a path looks to be in; NULL: none that is known. */
const stores_place *stores_place_of(const char *kind, const char *path);

/* What somebody can do inside the program instead of writing into its store: a sentence without a full stop. */
const char *stores_page_of(const char *kind, const char *path);

/* How to tell whether the program runs, and to end it. */
const char *stores_ending_of(const char *kind);

#endif
