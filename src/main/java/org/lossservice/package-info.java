/** A service that computes training losses and their gradients over HTTP. */
@NullMarked
package org.lossservice;

import org.jspecify.annotations.NullMarked;
