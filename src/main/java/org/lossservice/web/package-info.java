/** The HTTP contract: controllers, request and response types, problems, limits, configuration. */
@NullMarked
package org.lossservice.web;

import org.jspecify.annotations.NullMarked;
