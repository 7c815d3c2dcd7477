import { HubError } from "../hubError.ts";

/** 400 for a query that the hub cannot read; it says no more than that. */
export function createSyntaxError(): HubError {
	return new HubError("ArgumentInvalid", "BadRequest");
}
