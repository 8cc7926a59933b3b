/*
 * Linked into every test program: takes the locale of the environment before main, as a host program of the library
 * may. A test run that names a locale in HF_TEST_LOCALE proves nothing if the C library does not have it, so that is
 * the end of the program.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void take_locale(void)
{
    const char *wanted = getenv("HF_TEST_LOCALE");

    if (!setlocale(LC_ALL, wanted ? wanted : "") && wanted) {
        fprintf(stderr, "HF_TEST_LOCALE: the locale '%s' is not installed\n", wanted);
        exit(1);
    }
}
