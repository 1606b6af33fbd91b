package org.lossservice.format;

/**
 * Bounds on what a JSON body may hold, checked before memory is taken.
 *
 * @param elements the most elements one tensor may have
 * @param depth the deepest nesting of arrays and objects
 * @param numberLength the most characters of one number
 * @param stringLength the most characters of one string or member name
 */
public record JsonLimits(int elements, int depth, int numberLength, int stringLength) {}
