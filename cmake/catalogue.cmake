# The catalogue of rules: text files, one a family, become the enum `rule_id` and the table `rule_entries`.
#
#   # a comment: a line that begins with '#'
#   cert-expired                      the id: it reaches users, JSON and configurations, and is stable
#   severity: error                   info, warning or error
#   section: 8.4                      of RFC 6797; -: not of it
#   title: the certificate ...        what is the case
#   why: Browsers reject it ...       why it matters
#     continued                       two blanks: the line before goes on, with one blank between
#   fix: Renew it ...                 what to do
#
# A blank line ends an entry. Whatever does not have this form ends the build, with the file and the line.
# As a script: cmake "-DFILES=a.txt;b.txt" -DOUT=FOLDER -P catalogue.cmake

cmake_minimum_required(VERSION 3.25)

# What means something to CMake in a string or a list is read as a control character that stands for it.
string(ASCII 1 HF_SEMICOLON)
string(ASCII 2 HF_OPEN)
string(ASCII 3 HF_CLOSE)
string(ASCII 4 HF_BACKSLASH)
set(HF_CATALOGUE_KEYS severity section title why fix)

function(hf_catalogue_fail at message)
  message(FATAL_ERROR "${at}: ${message}")
endfunction()

# The lines of a file, each behind a '|'.
function(hf_catalogue_lines file result)
  file(READ ${file} text)
  string(REPLACE ";" "${HF_SEMICOLON}" text "${text}")
  string(REPLACE "[" "${HF_OPEN}" text "${text}")
  string(REPLACE "]" "${HF_CLOSE}" text "${text}")
  string(REPLACE "\\" "${HF_BACKSLASH}" text "${text}")
  string(REPLACE "\n" ";|" lines "|${text}")
  set(${result} "${lines}" PARENT_SCOPE)
endfunction()

# A text as a C string.
function(hf_catalogue_quote text result)
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "${HF_BACKSLASH}" "\\\\" text "${text}")
  string(REPLACE "${HF_SEMICOLON}" ";" text "${text}")
  string(REPLACE "${HF_OPEN}" "[" text "${text}")
  string(REPLACE "${HF_CLOSE}" "]" text "${text}")
  set(${result} "\"${text}\"" PARENT_SCOPE)
endfunction()

# The entry that was read last is complete: its line of the enum and its row of the table.
macro(hf_catalogue_end)
  if(id)
    set(row "")
    foreach(key ${HF_CATALOGUE_KEYS})
      if("${${key}}" STREQUAL "")
        hf_catalogue_fail("${id_at}" "${id} has no ${key}")
      endif()
      hf_catalogue_quote("${${key}}" quoted)
      if(key STREQUAL "severity")
        string(TOUPPER "HF_SEVERITY_${severity}" quoted)
      endif()
      string(APPEND row ", ${quoted}")
    endforeach()
    string(TOUPPER "RULE_${id}" symbol)
    string(REPLACE "-" "_" symbol "${symbol}")
    string(APPEND ids "    ${symbol}, /* ${id} */\n")
    string(APPEND rows "    [${symbol}] = {\"${id}\"${row}},\n")
    set(id "")
  endif()
endmacro()

macro(hf_catalogue_begin)
  hf_catalogue_end()
  if(line IN_LIST known)
    hf_catalogue_fail("${at}" "${line} is in the catalogue already")
  endif()
  set(id "${line}")
  set(id_at "${at}")
  list(APPEND known "${line}")
  foreach(key ${HF_CATALOGUE_KEYS})
    set(${key} "")
  endforeach()
  set(last "")
endmacro()

# `name` and `value` are set.
macro(hf_catalogue_key)
  if(NOT id)
    hf_catalogue_fail("${at}" "${name}: no id stands above it")
  elseif(NOT "${${name}}" STREQUAL "")
    hf_catalogue_fail("${at}" "${id} has two lines ${name}:")
  elseif("${name}" STREQUAL "severity" AND NOT "${value}" MATCHES "^(info|warning|error)$")
    hf_catalogue_fail("${at}" "'${value}' is not a severity: info, warning or error")
  elseif("${name}" STREQUAL "section" AND NOT "${value}" MATCHES "^(-|[0-9]+(\\.[0-9]+)*)$")
    hf_catalogue_fail("${at}" "'${value}' is not a section of RFC 6797, nor -")
  endif()
  set(${name} "${value}")
  set(last "${name}")
endmacro()

# `value` is set.
macro(hf_catalogue_continue)
  if(NOT last MATCHES "^(title|why|fix)$")
    hf_catalogue_fail("${at}" "there is no text above that this line could continue")
  endif()
  string(APPEND ${last} " ${value}")
endmacro()

macro(hf_catalogue_line)
  if("${line}" MATCHES "[^ -~${HF_SEMICOLON}${HF_OPEN}${HF_CLOSE}${HF_BACKSLASH}]")
    hf_catalogue_fail("${at}" "an octet that is not printable ASCII")
  elseif("${line}" STREQUAL "")
    hf_catalogue_end()
  elseif("${line}" MATCHES "^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    hf_catalogue_begin()
  elseif("${line}" MATCHES "^(severity|section|title|why|fix): ([^ ].*)$")
    set(name "${CMAKE_MATCH_1}")
    set(value "${CMAKE_MATCH_2}")
    hf_catalogue_key()
  elseif("${line}" MATCHES "^  ([^ ].*)$")
    set(value "${CMAKE_MATCH_1}")
    hf_catalogue_continue()
  elseif(NOT "${line}" MATCHES "^#")
    hf_catalogue_fail("${at}" "neither an id, nor 'severity:', 'section:', 'title:', 'why:' or 'fix:' and a text")
  endif()
endmacro()

function(hf_catalogue out)
  set(id "")
  set(ids "")
  set(rows "")
  set(known "")
  foreach(file ${ARGN})
    hf_catalogue_lines(${file} lines)
    set(number 0)
    foreach(marked IN LISTS lines)
      math(EXPR number "${number} + 1")
      set(at "${file}:${number}")
      string(SUBSTRING "${marked}" 1 -1 line)
      hf_catalogue_line()
    endforeach()
    hf_catalogue_end()
  endforeach()
  if(NOT known)
    hf_catalogue_fail("${out}" "the catalogue is empty")
  endif()
  # Written only when it differs: a text that was changed does not compile anything but the table again.
  file(CONFIGURE OUTPUT ${out}/include/findings/rule_ids.h @ONLY CONTENT
       "/* Made from src/findings/catalogue. */\ntypedef enum rule_id {\n@ids@    RULE_COUNT\n} rule_id;\n")
  file(CONFIGURE OUTPUT ${out}/rule_table.c @ONLY CONTENT
       "#include \"findings/catalogue.h\"\n\nconst rule_entry rule_entries[RULE_COUNT] = {\n@rows@};\n")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  hf_catalogue(${OUT} ${FILES})
endif()
