import { HubError } from "./hubError.ts";

/** 429 as the hub words it; it carries no Retry-After and closes the connection. */
export function createThrottledError(operationType = "CRUD"): HubError {
	const text = `The request has been throttled. Wait 10 seconds and try again. Operation type: ${operationType}`;
	return new HubError("ThrottlingBacklogTimeout", text);
}
