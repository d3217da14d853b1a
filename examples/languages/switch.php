<?php
// Switches auto-extend on or off for orders: php switch.php off IPv4 11111

$baseUrl = getenv('AUTO_EXTEND_BASE_URL') ?: 'http://127.0.0.1:4010';
$apiKey = getenv('AUTO_EXTEND_API_KEY') ?: 'any-key';

/** Sends the request again after a failure: it sets a state, so that does no harm. */
function post(string $url, array $body, int $attempts = 4): array
{
    for ($attempt = 0; $attempt < $attempts; $attempt++) {
        $text = @file_get_contents($url, false, stream_context_create(['http' => [
            'method' => 'POST',
            'header' => 'Content-Type: application/json',
            'content' => json_encode($body),
            'timeout' => 30,
            // The key is in the path, so a redirect could hand it to another host.
            'follow_location' => 0,
            // The text of an error is an answer, too.
            'ignore_errors' => true,
        ]]));
        $status = $text === false ? 0 : (int) substr($http_response_header[0], 9, 3);
        $answer = is_string($text) ? json_decode($text, true) : null;
        if ($status === 200 && isUsable($answer)) {
            return $answer;
        }
        if ($status >= 400 && $status < 500 && !in_array($status, [408, 429], true)) {
            fail("The server refused the request with HTTP $status. Nothing was changed.");
        }
        usleep(200_000 * 2 ** $attempt);
    }
    fail('There was no usable answer. Whether anything was changed is unknown: list your orders.');
}

/** A refusal has HTTP status 200 as well. */
function isUsable(mixed $answer): bool
{
    return match ($answer['success'] ?? null) {
        true => is_int($answer['quantity'] ?? null),
        false => isset($answer['error']['code'], $answer['error']['message']),
        default => false,
    };
}

function fail(string $message): never
{
    fwrite(STDERR, "$message\n");
    exit(1);
}

if ($argc < 4) {
    fail('Give on or off, a proxy type and order IDs, such as: off IPv4 11111');
}
[, $switch, $proxyType] = $argv;
$answer = post("$baseUrl/client/api/v1/$apiKey/extend/order/auto", [
    'proxyType' => $proxyType,
    'orderIds' => array_slice($argv, 3),
    'rentPeriodDays' => 30,
    'autoExtend' => $switch === 'on',
]);
if (!$answer['success']) {
    fail("Refused with error {$answer['error']['code']}: {$answer['error']['message']}");
}
echo "IP addresses switched $switch: {$answer['quantity']}\n";
