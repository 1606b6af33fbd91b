/** What the service is deployed by: manifests, image and settings, held to each other. */
@NullMarked
package org.lossservice.deployment;

import org.jspecify.annotations.NullMarked;
