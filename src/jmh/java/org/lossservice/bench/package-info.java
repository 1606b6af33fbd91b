/** The limits that the service is measured against, and the client that measures. */
@NullMarked
package org.lossservice.bench;

import org.jspecify.annotations.NullMarked;
