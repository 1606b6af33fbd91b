/** What the service is measured against in its own process. */
@NullMarked
package org.lossservice.bench;

import org.jspecify.annotations.NullMarked;
