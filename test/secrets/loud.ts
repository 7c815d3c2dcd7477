/** The environment in which libraries print all that they do on demand, apart from what SECURITY.md says. */
export const LOUD = { AZURE_LOG_LEVEL: "verbose", NODE_DEBUG: "undici" } as const;
