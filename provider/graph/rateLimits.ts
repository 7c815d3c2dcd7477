import type { RateLimits } from "../http/rateLimit.ts";

/**
 * The rate limits for Graph. No limit is published for Autopilot; the nearest one, "device enrollment", allows an
 * application 100 writes in 20 seconds ("Microsoft Graph service-specific throttling limits", Intune). Three and a third
 * writes a second, with a burst of ten seconds' worth, keep any 20 seconds just below that.
 */
export const GRAPH_RATE_LIMITS: RateLimits = { requestsPerSecond: { write: 10 / 3 }, maxInFlight: 8 };
