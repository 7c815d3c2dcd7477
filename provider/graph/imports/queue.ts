import { isOutcomeUnknown } from "../../http/errors.ts";
import { findLongWait } from "../../http/retryAfter.ts";
import { ResourceOperationError } from "../../resource/errors.ts";
import type { AutopilotInputs } from "../autopilotIdentity.inputs.ts";
import type { ImportRecord } from "../autopilotIdentity.wire.ts";
import type { GraphOperationContext } from "../operationContext.ts";
import { getLostResponseDelay } from "../polling.ts";
import { BatchRefused } from "./batch.ts";
import type { OwnImports } from "./ownImports.ts";

/** How often an import whose response is lost is queued, each time after a search of the list. */
const MAX_LOST_RESPONSES = 4;

/**
 * Queues an import. After a lost response, the import is queued again only if the list does not contain it for as long as the
 * list may lag.
 *
 * @throws ResourceOperationError OutcomeUnknown if the list cannot be searched, or the error of the last request
 */
export async function queueImport(
	context: GraphOperationContext,
	inputs: AutopilotInputs,
	ownImports: OwnImports,
): Promise<ImportRecord> {
	for (let lostResponses = 0; ; ) {
		ownImports.noteRequest();
		try {
			const record = await context.strategy.queueImport(inputs, ownImports.importId);
			ownImports.noteQueued(record);
			return record;
		} catch (error) {
			if (error instanceof BatchRefused) {
				if (!error.mayBeQueued) continue;
				ownImports.noteLostResponse();
			} else {
				if (!(error instanceof Error) || !isOutcomeUnknown(error)) throw error;
				ownImports.noteLostResponse();
				await context.clock.sleep(getLostResponseDelay(error));
				lostResponses++;
			}
			const found = await findLostImport(context, ownImports, error);
			if (found !== undefined) return found;
			const longWait = findLongWait(error, context.deadline);
			if (longWait !== undefined) throw longWait;
			if (lostResponses >= MAX_LOST_RESPONSES) throw error;
		}
	}
}

async function findLostImport(
	{ progress, strategy }: GraphOperationContext,
	ownImports: OwnImports,
	lostResponse: Error,
): Promise<ImportRecord | undefined> {
	try {
		return await progress.track("search", (reportProgress) => ownImports.findWhileListLags(reportProgress));
	} catch (cause) {
		const nextStep = strategy.keepsRecords
			? "; if the machine is registered by then, set `adopt: true` on it for that run."
			: ", which continues with the import if it was queued.";
		throw new ResourceOperationError(
			"OutcomeUnknown",
			`The ${ownImports.machineLabel} may or may not have been imported: the response was lost (${lostResponse.message}), and the search for ` +
				`the import failed (${cause instanceof Error ? cause.message : String(cause)}). Once the service responds, run the ` +
				`command again${nextStep}`,
			cause,
		);
	}
}
