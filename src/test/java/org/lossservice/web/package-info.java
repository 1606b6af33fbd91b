@NullMarked
package org.lossservice.web;

import org.jspecify.annotations.NullMarked;
