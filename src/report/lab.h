/*
 * report/lab.h: the hosts of the lab, and what a check found on them.
 */
#ifndef REPORT_LAB_H
#define REPORT_LAB_H

#include "base/json.h"
#include "base/term.h"
#include "facts/lab.h"

void report_lab_text(const facts_lab *lab, base_term *term);
void report_lab_json(const facts_lab *lab, base_json *json);

void report_lab_results_text(const facts_lab_result *results, size_t count, base_term *term);
void report_lab_results_json(const facts_lab_result *results, size_t count, base_json *json);

#endif
