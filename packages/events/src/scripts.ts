/** KEYS lease, head, stream. ARGV token, epoch, "1" to replace an existing log, presence, cursor, snapshot. */
export const BEGIN = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'fenced' end
if ARGV[3] ~= '1' and redis.call('EXISTS', KEYS[2]) == 1 then return 'epoch-changed' end
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('HSET', KEYS[2], 'epoch', ARGV[2], 'sequence', '0', 'presence', ARGV[4], 'cursor', ARGV[5], 'snapshot', ARGV[6])
return 'ok'`;

/**
 * The one way in: all or nothing, so that whoever leads next finds events, presence and cursor of the same moment.
 * KEYS lease, head, stream. ARGV token, epoch, last sequence, presence, cursor, snapshot, window, now, max age, event...
 */
export const APPEND = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'fenced' end
local head = redis.call('HMGET', KEYS[2], 'epoch', 'sequence')
if head[1] ~= ARGV[2] then return 'epoch-changed' end
if head[2] ~= ARGV[3] then return 'out-of-step' end
local sequence = tonumber(ARGV[3])
for i = 10, #ARGV do
  sequence = sequence + 1
  redis.call('XADD', KEYS[3], string.format('%d-0', sequence), 'event', ARGV[i], 'at', ARGV[8])
end
redis.call('HSET', KEYS[2], 'sequence', string.format('%d', sequence), 'presence', ARGV[4], 'cursor', ARGV[5], 'snapshot', ARGV[6])
redis.call('XTRIM', KEYS[3], 'MAXLEN', ARGV[7])
local oldest = tonumber(ARGV[8]) - tonumber(ARGV[9])
for _, entry in ipairs(redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 16)) do
  if tonumber(entry[2][4]) >= oldest then break end
  redis.call('XDEL', KEYS[3], entry[1])
end
return 'ok'`;

/** KEYS lease. ARGV token, ms. */
export const RENEW = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/** KEYS lease. ARGV token. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;
