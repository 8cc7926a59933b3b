# Text files of records, which become tables of the program: the catalogue of findings and what belongs to it.
#
#   # a comment: a line that begins with '#'
#   cert-expired                      the id of a record
#   severity: error                   a key and its value
#   why: Browsers reject it ...
#     continued                       two blanks: the text above goes on, with one blank between
#   nginx:                            a key that takes lines as they are
#       add_header X "y";             four blanks: such a line; what it is indented by besides is kept
#
# A blank line ends a record. Whatever does not have this form ends the build, with the file and the line.

cmake_minimum_required(VERSION 3.25)

# What means something to CMake in a string or a list is read as a control character that stands for it.
string(ASCII 1 HF_SEMICOLON)
string(ASCII 2 HF_OPEN)
string(ASCII 3 HF_CLOSE)
string(ASCII 4 HF_BACKSLASH)
string(ASCII 5 HF_NEWLINE)

function(hf_record_fail at message)
  message(FATAL_ERROR "${at}: ${message}")
endfunction()

# The lines of a file, each behind a '|'.
function(hf_record_lines file result)
  file(READ ${file} text)
  string(REPLACE ";" "${HF_SEMICOLON}" text "${text}")
  string(REPLACE "[" "${HF_OPEN}" text "${text}")
  string(REPLACE "]" "${HF_CLOSE}" text "${text}")
  string(REPLACE "\\" "${HF_BACKSLASH}" text "${text}")
  string(REPLACE "\n" ";|" lines "|${text}")
  set(${result} "${lines}" PARENT_SCOPE)
endfunction()

# A text as it was in the file.
function(hf_record_plain text result)
  string(REPLACE "${HF_BACKSLASH}" "\\" text "${text}")
  string(REPLACE "${HF_SEMICOLON}" ";" text "${text}")
  string(REPLACE "${HF_OPEN}" "[" text "${text}")
  string(REPLACE "${HF_CLOSE}" "]" text "${text}")
  string(REPLACE "${HF_NEWLINE}" "\n" text "${text}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

# A text as a C string; NULL where there is none.
function(hf_record_quote text result)
  if(text STREQUAL "")
    set(${result} NULL PARENT_SCOPE)
    return()
  endif()
  hf_record_plain("${text}" text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n" text "${text}")
  set(${result} "\"${text}\"" PARENT_SCOPE)
endfunction()

# The record that was read last is complete.
macro(hf_record_end)
  if(id)
    foreach(key ${HF_RECORD_REQUIRED})
      if("${${key}}" STREQUAL "")
        hf_record_fail("${id_at}" "${id} has no ${key}")
      endif()
    endforeach()
    cmake_language(CALL ${HF_RECORD_KEEP})
    set(id "")
  endif()
endmacro()

macro(hf_record_begin)
  hf_record_end()
  if(line IN_LIST HF_RECORD_KNOWN)
    hf_record_fail("${at}" "${line} is ${HF_RECORD_WHERE} already")
  endif()
  set(id "${line}")
  set(id_at "${at}")
  list(APPEND HF_RECORD_KNOWN "${line}")
  foreach(key ${HF_RECORD_REQUIRED} ${HF_RECORD_OPTIONAL})
    set(${key} "")
  endforeach()
  set(last "")
endmacro()

# `name` and `value` are set.
macro(hf_record_key)
  if(NOT id)
    hf_record_fail("${at}" "${name}: no id stands above it")
  elseif(NOT "${${name}}" STREQUAL "")
    hf_record_fail("${at}" "${id} has two lines ${name}:")
  endif()
  cmake_language(CALL ${HF_RECORD_CHECK})
  set(${name} "${value}")
  set(last "${name}")
endmacro()

# `value` is set.
macro(hf_record_continue)
  if(NOT last IN_LIST HF_RECORD_TEXTS)
    hf_record_fail("${at}" "there is no text above that this line could continue")
  endif()
  string(APPEND ${last} " ${value}")
endmacro()

macro(hf_record_code)
  if(NOT last IN_LIST HF_RECORD_CODES)
    hf_record_fail("${at}" "four blanks, but no block of lines above")
  elseif("${${last}}" STREQUAL "")
    set(${last} "${value}")
  else()
    string(APPEND ${last} "${HF_NEWLINE}${value}")
  endif()
endmacro()

macro(hf_record_line)
  set(name "")
  if("${line}" MATCHES "[^ -~${HF_SEMICOLON}${HF_OPEN}${HF_CLOSE}${HF_BACKSLASH}]")
    hf_record_fail("${at}" "an octet that is not printable ASCII")
  elseif("${line}" STREQUAL "")
    hf_record_end()
  elseif("${line}" MATCHES "^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    hf_record_begin()
  elseif("${line}" MATCHES "^([a-z-]+):( ([^ ].*))?$")
    set(name "${CMAKE_MATCH_1}")
    set(value "${CMAKE_MATCH_3}")
    if(NOT name IN_LIST HF_RECORD_REQUIRED AND NOT name IN_LIST HF_RECORD_OPTIONAL)
      hf_record_fail("${at}" "neither an id nor one of the keys: '${name}:'")
    elseif(name IN_LIST HF_RECORD_CODES AND NOT value STREQUAL "")
      hf_record_fail("${at}" "the lines of ${name}: come below it")
    elseif(NOT name IN_LIST HF_RECORD_CODES AND value STREQUAL "")
      hf_record_fail("${at}" "${name}: without a value")
    endif()
    hf_record_key()
  elseif("${line}" MATCHES "^    (.*[^ ])$" AND NOT HF_RECORD_CODES STREQUAL "")
    set(value "${CMAKE_MATCH_1}")
    hf_record_code()
  elseif("${line}" MATCHES "^  ([^ ].*)$")
    set(value "${CMAKE_MATCH_1}")
    hf_record_continue()
  elseif(NOT "${line}" MATCHES "^#")
    hf_record_fail("${at}" "neither an id nor a key and its value")
  endif()
endmacro()

# Reads a file. The caller sets the variables HF_RECORD_: REQUIRED and OPTIONAL, the keys; TEXTS, those whose value may
# go on below; CODES, those that take lines as they are; KEEP, a macro without arguments that is called with `id` and
# each key set; CHECK, one that looks at `name` and `value`; WHERE, "in the catalogue"; KNOWN, the ids so far.
macro(hf_record_file path)
  set(id "")
  hf_record_lines(${path} lines)
  set(number 0)
  foreach(marked IN LISTS lines)
    math(EXPR number "${number} + 1")
    set(at "${path}:${number}")
    string(SUBSTRING "${marked}" 1 -1 line)
    hf_record_line()
  endforeach()
  hf_record_end()
endmacro()
