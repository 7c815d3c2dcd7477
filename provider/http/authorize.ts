import type { Policy, Request } from "./message.ts";
import { within } from "./within.ts";

/** Something that can put its name to a request. */
export interface Signer {
	/** The value of the Authorization header for a request sent now. */
	authorization(): Promise<string>;
	/**
	 * Hears that the service refused the header as unauthorized.
	 *
	 * @param serviceTime the service's own clock at that moment, in milliseconds since 1970, where it told
	 * @returns whether the next header will be another one, so that a second try makes sense
	 */
	refused(serviceTime: number | undefined): boolean;
}

/** Signs each request as it goes out, and once more where a 401 was only about a stale token or a clock. */
export function authorize(signer: Signer): Policy {
	return (next) => async (request) => {
		const response = await next(await signed(request, signer));
		if (response.status !== 401 || !signer.refused(timeOf(response.headers["date"]))) return response;
		return next(await signed(request, signer));
	};
}

/** A sign-in is shared by all who wait for it, and may take longer than this operation has. */
async function signed(request: Request, signer: Signer): Promise<Request> {
	const { deadline, headers } = request;
	const late = () => deadline.exceeded("the sign-in was not over");
	const authorization = await within(deadline.remaining(), () => signer.authorization(), late);
	return { ...request, headers: { ...headers, authorization } };
}

function timeOf(date: string | undefined): number | undefined {
	const time = date === undefined ? Number.NaN : Date.parse(date);
	return Number.isNaN(time) ? undefined : time;
}
